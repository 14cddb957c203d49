package web

import (
	"strconv"
	"strings"
	"unicode"
)

// Number writes a count with thin spaces between thousands.
func Number(count int) string {
	digits := strconv.Itoa(count)
	for i := len(digits) - 3; i > 0 && digits[i-1] != '-'; i -= 3 {
		digits = digits[:i] + "\u202f" + digits[i:]
	}
	return digits
}

// Plural makes "WorkPackage" into "Work packages", by the endings that type names have.
func Plural(kind string) string {
	name := Spaced(kind)
	switch {
	case strings.HasSuffix(name, "y"):
		return strings.TrimSuffix(name, "y") + "ies"
	case strings.HasSuffix(name, "s"):
		return name + "es"
	default:
		return name + "s"
	}
}

// Spaced makes "startDate" or "StartDate" into "Start date".
func Spaced(name string) string {
	if name == "url" {
		return "Address"
	}
	var spaced strings.Builder
	for i, letter := range name {
		switch {
		case i == 0:
			letter = unicode.ToUpper(letter)
		case unicode.IsUpper(letter):
			spaced.WriteByte(' ')
			letter = unicode.ToLower(letter)
		}
		spaced.WriteRune(letter)
	}
	return spaced.String()
}

// Words makes "DATASET_DERIVED" into "dataset derived", and "UN_REPORT" into "UN report".
func Words(value string) string {
	parts := strings.Split(value, "_")
	for i, part := range parts {
		switch part {
		case "UN", "EU", "DNS":
		case "DDOS":
			parts[i] = "DDoS"
		default:
			parts[i] = strings.ToLower(part)
		}
	}
	return strings.Join(parts, " ")
}
