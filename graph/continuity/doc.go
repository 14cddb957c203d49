// Package continuity answers which norms, and which core ideas behind them,
// keep recurring through incidents.
//
// It is pure: [New] checks and indexes a [Table] that somebody else fetched,
// and the methods of [Observations] compute figures from it. Nothing here does
// I/O. Observations are immutable and safe for concurrent use, so one value can
// serve every request on the same revision and filter. The order of the rows of
// a Table never matters.
//
// Measures that look at incidents: [Observations.Continuity],
// [Observations.Matrix], [Observations.Drivers], [Observations.CoOccurrence],
// [Observations.CoderAgreement]. Measures that look at texts:
// [Observations.Similarity], [Observations.Compare],
// [Observations.Commitments]. [Borda] ranks norms by the contributions that
// ranked them. [Network] finds paths and neighbourhoods in the graph.
//
// Figures leave as [Number]: never NaN, an infinity or −0. A mistake in an
// argument is an [InputError], too much work a [LimitError]; any other error is
// the context's, or says that the table itself is broken.
package continuity
