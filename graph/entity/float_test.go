package entity_test

import (
	"math"
	"strings"
	"testing"

	"normgraph/graph/entity"
)

func TestFloat(t *testing.T) {
	for f, want := range map[float64]string{
		2019000: "2019000", 4294967294: "4294967294", 1e20: "100000000000000000000", 1e21: "1e+21", -1.5e300: "-1.5e+300",
		0.1: "0.1", 1e-6: "0.000001", 1e-7: "1e-07", 0.30000000000000004: "0.30000000000000004", math.Copysign(0, -1): "0",
	} {
		var b strings.Builder
		if err := entity.MarshalFloat(f).MarshalGQLContext(t.Context(), &b); err != nil || b.String() != want {
			t.Errorf("%v is written %s (%v), want %s", f, b.String(), err, want)
		}
	}
	var b strings.Builder
	if err := entity.MarshalFloat(math.Inf(1)).MarshalGQLContext(t.Context(), &b); err == nil {
		t.Errorf("infinity is written %s", b.String())
	}
}
