package main

import (
	"fmt"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"
)

const header = `# Code generated from schema.graphqls by go generate; DO NOT EDIT.
#
# The whole schema as clients see it.

`

// print writes the schema: its description, directives, then types in the order of schema.graphqls,
// each followed by what was derived from it.
func (a *api) print() string {
	var p printer
	p.WriteString(header)
	for _, s := range a.doc.Schema {
		p.describe("", s.Description)
		p.WriteString("schema {\n")
		for _, o := range s.OperationTypes {
			p.WriteString("  " + string(o.Operation) + ": " + o.Type + "\n")
		}
		p.WriteString("}\n\n")
	}
	for _, d := range a.doc.Directives {
		p.describe("", d.Description)
		p.WriteString("directive @" + d.Name)
		p.arguments("", d.Arguments)
		if d.IsRepeatable {
			p.WriteString(" repeatable")
		}
		p.WriteString(" on ")
		for i, l := range d.Locations {
			if i > 0 {
				p.WriteString(" | ")
			}
			p.WriteString(string(l))
		}
		p.WriteString("\n\n")
	}
	for i, def := range a.doc.Definitions {
		if i > 0 {
			p.WriteByte('\n')
		}
		p.definition(def)
	}
	return p.String()
}

// printer writes SDL with descriptions on arguments, one line each where they fit.
type printer struct{ strings.Builder }

var keywords = map[ast.DefinitionKind]string{
	ast.Object: "type", ast.InputObject: "input", ast.Interface: "interface",
	ast.Enum: "enum", ast.Scalar: "scalar", ast.Union: "union",
}

func (p *printer) definition(def *ast.Definition) {
	p.describe("", def.Description)
	p.WriteString(keywords[def.Kind] + " " + def.Name)
	if len(def.Interfaces) > 0 {
		p.WriteString(" implements " + strings.Join(def.Interfaces, " & "))
	}
	p.directives(def.Directives)
	if len(def.Types) > 0 {
		p.WriteString(" = " + strings.Join(def.Types, " | "))
	}
	if len(def.Fields)+len(def.EnumValues) > 0 {
		p.WriteString(" {\n")
		for _, f := range def.Fields {
			p.describe("  ", f.Description)
			p.WriteString("  " + f.Name)
			p.arguments("  ", f.Arguments)
			p.WriteString(": " + f.Type.String())
			if f.DefaultValue != nil {
				p.WriteString(" = " + f.DefaultValue.String())
			}
			p.directives(f.Directives)
			p.WriteByte('\n')
		}
		for _, v := range def.EnumValues {
			p.describe("  ", v.Description)
			p.WriteString("  " + v.Name)
			p.directives(v.Directives)
			p.WriteByte('\n')
		}
		p.WriteByte('}')
	}
	p.WriteByte('\n')
}

func (p *printer) arguments(indent string, args ast.ArgumentDefinitionList) {
	if len(args) == 0 {
		return
	}
	p.WriteString("(\n")
	for _, arg := range args {
		p.describe(indent+"  ", arg.Description)
		p.WriteString(indent + "  " + arg.Name + ": " + arg.Type.String())
		if arg.DefaultValue != nil {
			p.WriteString(" = " + arg.DefaultValue.String())
		}
		p.directives(arg.Directives)
		p.WriteByte('\n')
	}
	p.WriteString(indent + ")")
}

func (p *printer) directives(list ast.DirectiveList) {
	for _, d := range list {
		p.WriteString(" @" + d.Name)
		for i, arg := range d.Arguments {
			sep := ", "
			if i == 0 {
				sep = "("
			}
			p.WriteString(sep + arg.Name + ": " + arg.Value.String())
		}
		if len(d.Arguments) > 0 {
			p.WriteByte(')')
		}
	}
}

func (p *printer) describe(indent, text string) {
	switch {
	case text == "":
	case strings.ContainsAny(text, "\n\"\\"):
		text = strings.ReplaceAll(text, `"""`, `\"""`)
		fmt.Fprintf(p, "%s\"\"\"\n%s%s\n%s\"\"\"\n", indent, indent, strings.ReplaceAll(text, "\n", "\n"+indent), indent)
	default:
		fmt.Fprintf(p, "%s\"%s\"\n", indent, text)
	}
}
