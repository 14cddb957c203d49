package main

import (
	"bytes"
	"fmt"
	stdlog "log"
	"os"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/mattn/go-isatty"
	"github.com/schollz/progressbar/v3"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
)

type logFlags struct {
	LogLevel  zapcore.Level `enum:"debug,info,warn,error" default:"info" env:"NORMGRAPH_LOG_LEVEL" help:"Least level that is logged: debug, info, warn or error."`
	LogFormat string        `enum:"auto,text,json" default:"auto" env:"NORMGRAPH_LOG_FORMAT" help:"How logs are written to standard error: text, json, or auto (text on a terminal, else json)."`
}

func (f logFlags) logger(w *os.File) *zap.Logger {
	config := zap.NewProductionEncoderConfig()
	config.EncodeTime = zapcore.RFC3339NanoTimeEncoder
	config.EncodeDuration = zapcore.StringDurationEncoder
	encoder := zapcore.NewJSONEncoder(config)
	if f.LogFormat == "text" || f.LogFormat == "auto" && terminal(w) {
		config.EncodeTime = zapcore.TimeEncoderOfLayout(time.TimeOnly)
		config.EncodeLevel = zapcore.CapitalLevelEncoder
		encoder = zapcore.NewConsoleEncoder(config)
	}
	out := zapcore.Lock(visible{w})
	return zap.New(zapcore.NewCore(encoder, out, f.LogLevel), zap.ErrorOutput(out))
}

// visible writes lines in which nothing of what clients send acts on the terminal
// or viewer that shows them: it escapes what starts a command or a line, or turns the
// direction of text, which the encoders let through. In JSON these stand within
// strings, where the escape means the same.
type visible struct{ *os.File }

func (v visible) Write(line []byte) (int, error) {
	text, end := line, []byte(nil)
	if n := len(line) - 1; n >= 0 && line[n] == '\n' {
		text, end = line[:n], line[n:]
	}
	if !bytes.ContainsFunc(text, hidden) {
		return v.File.Write(line)
	}
	var b bytes.Buffer
	for _, c := range string(text) {
		if hidden(c) {
			fmt.Fprintf(&b, `\u%04x`, c)
		} else {
			b.WriteRune(c)
		}
	}
	b.Write(end)
	if _, err := v.File.Write(b.Bytes()); err != nil {
		return 0, err
	}
	return len(line), nil
}

func hidden(c rune) bool {
	return c != '\t' && unicode.IsControl(c) || c == '\u2028' || c == '\u2029' || unicode.Is(unicode.Bidi_Control, c) || c == utf8.RuneError
}

func terminal(f *os.File) bool {
	return isatty.IsTerminal(f.Fd()) || isatty.IsCygwinTerminal(f.Fd())
}

// progress tells how far a load is: a bar on a terminal, otherwise a log line now and then.
func progress(log *zap.Logger) func(done, total int) {
	if terminal(os.Stderr) {
		var bar *progressbar.ProgressBar
		return func(done, total int) {
			if bar == nil {
				bar = progressbar.NewOptions(total, progressbar.OptionSetWriter(os.Stderr), progressbar.OptionSetDescription("loading"),
					progressbar.OptionShowCount(), progressbar.OptionThrottle(50*time.Millisecond), progressbar.OptionClearOnFinish())
			}
			_ = bar.Set(done) // a bar that cannot be drawn is no reason to stop
		}
	}
	const pause = 2 * time.Second
	last := time.Now()
	return func(done, total int) {
		if time.Since(last) >= pause {
			last = time.Now()
			log.Info("loading", zap.Int("rows", done), zap.Int("of", total))
		}
	}
}

// stdLog takes what net/http says about broken connections.
func stdLog(log *zap.Logger) *stdlog.Logger {
	std, err := zap.NewStdLogAt(log, zapcore.DebugLevel)
	if err != nil {
		panic(err) // only for a level that is none
	}
	return std
}
