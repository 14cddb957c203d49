package scan

// Variables scans the JSON text of a request's variables: one linear pass that
// never recurses and stops at the first limit exceeded. Whether the text is
// JSON is left to its decoder. Errors: *LimitError.
func Variables(raw []byte, l Limits) error {
	open, values := 0, 0
	inside := false // of a number or a literal
	for i := 0; i < len(raw); i++ {
		switch c := raw[i]; c {
		case '{', '[':
			open++
			values++
			inside = false
			if open > l.Nesting {
				return &LimitError{Limit: "nesting", Requested: open, Maximum: l.Nesting, Variables: true}
			}
		case '}', ']':
			open--
			inside = false
		case '"':
			values++
			inside = false
			for i++; i < len(raw) && raw[i] != '"'; i++ {
				if raw[i] == '\\' {
					i++
				}
			}
		case ' ', '\t', '\r', '\n', ',', ':':
			inside = false
		default:
			if !inside {
				values++
			}
			inside = true
		}
		if values > l.Values {
			return &LimitError{Limit: "values", Requested: values, Maximum: l.Values, Variables: true}
		}
	}
	return nil
}
