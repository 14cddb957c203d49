package pages

import (
	"strings"
	"testing"
)

func TestCutLists(t *testing.T) {
	for data, want := range map[string]string{
		`{"xs": [1, 2], "xsConnection": {"totalCount": 7}, "ys": [1], "ysConnection": {"totalCount": 1}, "zs": []}`: "xs=2/7",
		`{"xs": null, "xsConnection": {"totalCount": 7}}`:                                                           "xs=0/7",
		`{"a": {"b": 1}, "aConnection": {"totalCount": 1}}`:                                                         "",
	} {
		root, err := readRoot([]byte(data))
		if got := strings.Join(stillCut(root, nil), " "); got != want || err != nil {
			t.Errorf("%s: %q, want %q", data, got, want)
		}
	}
}

func TestFormulas(t *testing.T) {
	for in, want := range map[string]string{"=1": "'=1", "＝1": "'＝1", "＋1": "'＋1", "－1": "'－1", "＠x": "'＠x", "-": "'-", "é=": "é=", "": ""} {
		if got := cellText(in); got != want {
			t.Errorf("%q is written %q, want %q", in, got, want)
		}
	}
}
