package analysis

// args are coerced arguments.
type args map[string]any

func (a args) text(name string) string    { s, _ := a[name].(string); return s }
func (a args) integer(name string) int    { i, _ := a[name].(int64); return int(i) }
func (a args) truth(name string) bool     { b, _ := a[name].(bool); return b }
func (a args) number(name string) float64 { f, _ := a[name].(float64); return f }

// texts is a list of strings or enum values, nil when it was not given.
func texts[T ~string](a args, name string) []T {
	list, ok := a[name].([]any)
	if !ok {
		return nil
	}
	out := make([]T, len(list))
	for i, v := range list {
		out[i] = T(v.(string))
	}
	return out
}
