package continuity

// hypergeometric is the distribution of the number of marked units among draws
// without replacement from total units, of which marked are marked. It returns
// the least possible number and the probabilities from there up, in buffer's
// room. Probabilities come by ratios outward from the mode, then are divided by
// their sum: no logarithms, nothing cancels, the relative error stays near 1e-15
// per step, and only what is below 1e-300 of the mode is lost.
func hypergeometric(total, marked, draws int, buffer []float64) (least int, p []float64) {
	least = max(0, draws-(total-marked))
	greatest := min(marked, draws)
	p = append(buffer[:0], make([]float64, greatest-least+1)...)
	mode := int((int64(draws) + 1) * (int64(marked) + 1) / (int64(total) + 2))
	mode = min(max(mode, least), greatest)

	up := func(m int) float64 { // P(m+1) / P(m)
		return float64(marked-m) * float64(draws-m) / (float64(m+1) * float64(total-marked-draws+m+1))
	}
	p[mode-least] = 1
	sum := 1.0
	for m := mode; m < greatest; m++ {
		p[m+1-least] = p[m-least] * up(m)
		sum += p[m+1-least]
	}
	for m := mode - 1; m >= least; m-- {
		p[m-least] = p[m+1-least] / up(m)
		sum += p[m-least]
	}
	for i := range p {
		p[i] /= sum
	}
	return least, p
}
