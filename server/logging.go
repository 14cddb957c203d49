package main

import (
	stdlog "log"
	"os"
	"time"

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
	return zap.New(zapcore.NewCore(encoder, zapcore.Lock(w), f.LogLevel), zap.ErrorOutput(zapcore.Lock(w)))
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
