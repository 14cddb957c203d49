package web

import (
	"encoding/json"
	"fmt"
)

// Package is a package whose code is in the built pages.
type Package struct {
	Name, Version string
	Licence       string // SPDX expression, as the package declares it
	Text          string // of the licence, with notices
}

// Licences lists the packages by name.
func Licences() ([]Package, error) {
	file, ok := built().assets["licences.json"]
	if !ok {
		return nil, fmt.Errorf("web/dist holds no licences.json")
	}
	text, err := file.plain()
	if err != nil {
		return nil, err
	}
	var all []Package
	err = json.Unmarshal(text, &all)
	return all, err
}
