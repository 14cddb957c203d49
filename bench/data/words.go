package data

import (
	"math"
	"math/rand/v2"
	"strings"
)

var syllables = strings.Fields("ba ce di fo gu ha je ki lo mu na pe ri so tu va we xi yo zu bra cle dro fli gra kro pla ste tri vor")

// word spells a number in syllables, at least two.
func word(n int) string {
	var b strings.Builder
	for i := 0; i < 2 || n > 0; i++ {
		b.WriteString(syllables[n%len(syllables)])
		n /= len(syllables)
	}
	return b.String()
}

// rareWord is the n-th of the words that few nodes share.
func rareWord(n int) string { return "op" + word(n) }

// words is a vocabulary whose words occur by Zipf's law.
type words struct{ list []string }

func newWords() *words {
	w := &words{list: make([]string, 800)}
	for i := range w.list {
		w.list[i] = word(i)
	}
	return w
}

func (w *words) pick(r *rand.Rand) string { return w.list[zipf(r, len(w.list))] }

func (w *words) sentence(r *rand.Rand, length int) string {
	parts := make([]string, length)
	for i := range parts {
		parts[i] = w.pick(r)
	}
	return strings.Join(parts, " ")
}

// zipf draws a rank below n, the k-th with a weight of about 1/k: the inverse of
// the distribution function of the continuous law.
func zipf(r *rand.Rand, n int) int {
	return min(int(math.Exp(r.Float64()*math.Log(float64(n+1))))-1, n-1)
}

// zipfHalf draws a rank below n, the k-th with a weight of about 1/√k. The tail
// keeps half of the mean at every n, so that pages of a few related nodes stay
// as full in a large data set as in a small one.
func zipfHalf(r *rand.Rand, n int) int {
	u := r.Float64()
	return min(int(u*u*float64(n)), n-1)
}
