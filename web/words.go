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

// Counted is a count in words: "0 incidents", "1 incident", "2 incidents".
func Counted(count int, one string) string {
	if count != 1 {
		one = Several(one)
	}
	return Number(count) + " " + one
}

// Plural makes "WorkPackage" into "Work packages".
func Plural(kind string) string { return Several(Spaced(kind)) }

// Several is the plural of a noun, by the endings that names of types and values
// have. What ends as a participle, such as "dataset derived", has none.
func Several(one string) string {
	switch {
	case strings.HasSuffix(one, "ed"):
		return one
	case strings.HasSuffix(one, "y"):
		return strings.TrimSuffix(one, "y") + "ies"
	case strings.HasSuffix(one, "sis"):
		return strings.TrimSuffix(one, "is") + "es"
	case strings.HasSuffix(one, "s"):
		return one + "es"
	default:
		return one + "s"
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
