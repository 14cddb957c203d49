package main

import (
	"cmp"
	"os"

	gqlgen "github.com/99designs/gqlgen/api"
	"github.com/99designs/gqlgen/codegen"
	"github.com/99designs/gqlgen/codegen/config"
	"github.com/99designs/gqlgen/plugin/modelgen"
)

// runGqlgen writes the models and the executor.
//
// A modelgen hook turns the composite fields of planned types from struct
// fields into methods: plain gqlgen would ignore their arguments and aliases.
func (a *api) runGqlgen(file string, compile bool) error {
	cfg, err := config.LoadConfig(file)
	if err != nil {
		return err
	}
	cfg.SkipValidation = !compile
	// What is left of an older schema would not fit the new models.
	if err := os.Remove(plannedFile); err != nil && !os.IsNotExist(err) {
		return err
	}
	var failed error
	models := modelgen.New().(*modelgen.Plugin)
	models.MutateHook = func(b *modelgen.ModelBuild) *modelgen.ModelBuild {
		failed = a.writePlanned(cfg, b)
		return b
	}
	err = gqlgen.Generate(cfg, gqlgen.ReplacePlugin(models), gqlgen.AddPlugin(sequential{a}))
	return cmp.Or(failed, err)
}

// sequential keeps gqlgen from starting a goroutine for each method of a
// planned type: their values are there already.
type sequential struct{ *api }

func (sequential) Name() string { return "sequential" }

func (s sequential) GenerateCode(data *codegen.Data) error {
	for _, o := range data.Objects {
		o.DisableConcurrency = o.DisableConcurrency || s.planned[o.Name]
	}
	return nil
}
