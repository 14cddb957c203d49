package continuity

import "strings"

// The regions of UN M49, level 1, and where no region is known.
const (
	africa        = "AFRICA"
	americas      = "AMERICAS"
	asia          = "ASIA"
	europe        = "EUROPE"
	oceania       = "OCEANIA"
	regionUnknown = "UNKNOWN"
)

// m49 lists the countries and areas of UN M49 (Standard Country or Area Codes
// for Statistical Use) by region, as ISO 3166-1 alpha-2. Antarctica (AQ) is in
// M49 but in no region, so it is UNKNOWN.
var m49 = map[string]string{
	africa: "AO BF BI BJ BW CD CF CG CI CM CV DJ DZ EG EH ER ET GA GH GM GN GQ GW IO KE KM LR LS LY MA MG ML MR MU MW MZ NA NE NG " +
		"RE RW SC SD SH SL SN SO SS ST SZ TD TF TG TN TZ UG YT ZA ZM ZW",
	americas: "AG AI AR AW BB BL BM BO BQ BR BS BV BZ CA CL CO CR CU CW DM DO EC FK GD GF GL GP GS GT GY HN HT JM KN KY LC MF MQ MS MX " +
		"NI PA PE PM PR PY SR SV SX TC TT US UY VC VE VG VI",
	asia: "AE AF AM AZ BD BH BN BT CN CY GE HK ID IL IN IQ IR JO JP KG KH KP KR KW KZ LA LB LK MM MN MO MV MY NP OM PH PK PS QA " +
		"SA SG SY TH TJ TL TM TR UZ VN YE",
	europe: "AD AL AT AX BA BE BG BY CH CZ DE DK EE ES FI FO FR GB GG GI GR HR HU IE IM IS IT JE LI LT LU LV MC MD ME MK MT NL NO PL PT " +
		"RO RS RU SE SI SJ SK SM UA VA",
	oceania: "AS AU CC CK CX FJ FM GU HM KI MH MP NC NF NR NU NZ PF PG PN PW SB TK TO TV UM VU WF WS",
}

// outsideM49 places codes that M49 does not list as such, by geography alone;
// it says nothing about status. TW is part of M49's "China"; XK (a user-assigned
// code) of its "Serbia"; EU is the reserved code of the European Union, UK that
// of the United Kingdom, whose M49 entry is GB.
var outsideM49 = map[string]string{"TW": asia, "XK": europe, "EU": europe, "UK": europe}

var regionByCountry = func() map[string]string {
	regions := make(map[string]string, 256)
	for region, countries := range m49 {
		for _, c := range strings.Fields(countries) {
			regions[c] = region
		}
	}
	for c, region := range outsideM49 {
		regions[c] = region
	}
	return regions
}()

// regionsOf gives the region of each country.
func regionsOf(countries []string) []string {
	regions := make([]string, len(countries))
	for i, c := range countries {
		region, ok := regionByCountry[c]
		if !ok {
			region = regionUnknown
		}
		regions[i] = region
	}
	return regions
}
