// Not under the race detector: the driver (5.28.4) hands out the lists of its
// routing table, and takes servers from them while they are read.

//go:build !race

package neo4j

import (
	"encoding/binary"
	"fmt"
	"math"
)

// message is a structure of PackStream: a Bolt message, or a value within one.
type message struct {
	tag    byte
	fields []any
}

// unpack reads the first value of b, and gives what follows it. It panics
// when b ends too soon: both ends of the tests' connections are known.
func unpack(b []byte) (v any, rest []byte) {
	marker, b := b[0], b[1:]
	number := func(width int) int64 {
		var n uint64
		for _, x := range b[:width] {
			n = n<<8 | uint64(x)
		}
		b = b[width:]
		return int64(n)
	}
	list := func(n int64) []any {
		out := make([]any, n)
		for i := range out {
			out[i], b = unpack(b)
		}
		return out
	}
	dictionary := func(n int64) map[string]any {
		out := make(map[string]any, n)
		for range n {
			var key any
			key, b = unpack(b)
			out[key.(string)], b = unpack(b)
		}
		return out
	}
	text := func(n int64) string {
		out := string(b[:n])
		b = b[n:]
		return out
	}
	low := int64(marker & 0x0f)
	switch {
	case marker < 0x80 || marker >= 0xf0:
		v = int64(int8(marker))
	case marker < 0x90:
		v = text(low)
	case marker < 0xa0:
		v = list(low)
	case marker < 0xb0:
		v = dictionary(low)
	case marker < 0xc0:
		m := message{tag: b[0]}
		b = b[1:]
		m.fields = list(low)
		v = m
	case marker == 0xc0:
		v = nil
	case marker == 0xc1:
		v = math.Float64frombits(uint64(number(8)))
	case marker == 0xc2, marker == 0xc3:
		v = marker == 0xc3
	case marker >= 0xc8 && marker <= 0xcb:
		width := 1 << (marker - 0xc8)
		shift := 64 - 8*width
		v = number(width) << shift >> shift // with its sign
	case marker >= 0xcc && marker <= 0xce:
		v = []byte(text(number(1 << (marker - 0xcc))))
	case marker >= 0xd0 && marker <= 0xd2:
		v = text(number(1 << (marker - 0xd0)))
	case marker >= 0xd4 && marker <= 0xd6:
		v = list(number(1 << (marker - 0xd4)))
	case marker >= 0xd8 && marker <= 0xda:
		v = dictionary(number(1 << (marker - 0xd8)))
	default:
		panic(fmt.Sprintf("PackStream: unknown marker %x", marker))
	}
	return v, b
}

// pack appends v, in forms that are not always the shortest.
func pack(b []byte, v any) []byte {
	long := func(marker byte, n int) []byte { return binary.BigEndian.AppendUint32(append(b, marker), uint32(n)) }
	switch v := v.(type) {
	case nil:
		return append(b, 0xc0)
	case bool:
		if v {
			return append(b, 0xc3)
		}
		return append(b, 0xc2)
	case int64:
		return binary.BigEndian.AppendUint64(append(b, 0xcb), uint64(v))
	case float64:
		return binary.BigEndian.AppendUint64(append(b, 0xc1), math.Float64bits(v))
	case []byte:
		return append(long(0xce, len(v)), v...)
	case string:
		return append(long(0xd2, len(v)), v...)
	case []any:
		b = long(0xd6, len(v))
		for _, x := range v {
			b = pack(b, x)
		}
	case map[string]any:
		b = long(0xda, len(v))
		for key, x := range v {
			b = pack(pack(b, key), x)
		}
	case message:
		b = append(b, 0xb0|byte(len(v.fields)), v.tag)
		for _, x := range v.fields {
			b = pack(b, x)
		}
	default:
		panic(fmt.Sprintf("PackStream: a %T", v))
	}
	return b
}
