package seed_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"normgraph/seed"
)

type files map[string]string

// mistakes are changes to the fixture, and all that is to be said of them.
var mistakes = []struct {
	name  string
	files files
	want  string
}{
	{"dangling reference from a column", files{"case_files.csv": "id,start_date,subject,witnesses\nc1,2000,nope,s1;nobody\n"}, `
case_files.csv:2: subject: nothing has the id "nope"; expected the id of a row of Norm in norms.csv
case_files.csv:2: witnesses: nothing has the id "nobody"; expected the id of a row of Signatory in signatories.csv
2 problems in 1 file; nothing was loaded
`},
	{"dangling references from a relationship file", files{"signatures.csv": "agreement,signatory,role\na1,nobody,PARTY\na9,s1,PARTY\n"}, `
signatures.csv:2: signatory: nothing has the id "nobody"; expected the id of a row of Signatory in signatories.csv
signatures.csv:3: agreement: nothing has the id "a9"; expected the id of a row of Agreement in agreements.csv
2 problems in 1 file; nothing was loaded
`},
	{"reference to another type", files{"agreements.csv": "id,title,date,kind,process\na1,First,2015,TREATY,n1\n", "mentions.csv": "from,to\nr1,p1\n"}, `
agreements.csv:2: process: "n1" is of type Norm (norms.csv:2); expected the id of a row of Process in processes.csv
mentions.csv:2: to: "p1" is of type Process (processes.csv:2); expected the id of a row of Signatory in signatories.csv or Norm in norms.csv or Agreement in agreements.csv
2 problems in 2 files; nothing was loaded
`},
	{"several ids in a single relation", files{"case_files.csv": "id,start_date,subject\nc1,2000,n1;n2\n"}, `
case_files.csv:2: subject: expected one id, got the list "n1;n2"
1 problem in 1 file; nothing was loaded
`},
	{"duplicate id", files{"norms.csv": "id,name,level\nn1,Due care,STATED\nn2,Restraint,STATED\ncore,Care,CORE_IDEA\nn1,Again,STATED\n"}, `
norms.csv:5: id: "n1" is already the id of line 2; expected one row for an id
1 problem in 1 file; nothing was loaded
`},
	{"id of two types", files{"signatories.csv": "id,name\ns1,Kenya\ns2,Company\nn1,Norm\n"}, `
signatories.csv:4: id: "n1" is already the id of a row of type Norm (norms.csv:2); expected an id unique across all types
1 problem in 1 file; nothing was loaded
`},
	{"relations of a duplicate are not counted twice", files{"agreements.csv": "id,title,date,kind,process\na1,First,2015,TREATY,p1\na1,Second,2015,TREATY,p1\n", "mentions.csv": ""}, `
agreements.csv:3: id: "a1" is already the id of line 2; expected one row for an id
1 problem in 1 file; nothing was loaded
`},
	{"malformed ids", files{"reports.csv": "id\nr1\nr 2\né\nr;3\n"}, `
reports.csv:3: id: expected an id of at most 200 letters a-z and A-Z, digits, '-', '.' and '_', got "r 2"
reports.csv:4: id: expected an id of at most 200 letters a-z and A-Z, digits, '-', '.' and '_', got "é"
reports.csv:5: id: expected an id of at most 200 letters a-z and A-Z, digits, '-', '.' and '_', got "r;3"
3 problems in 1 file; nothing was loaded
`},
	{"too long id", files{"reports.csv": "id\nr1\n" + strings.Repeat("x", 201) + "\n"}, `
reports.csv:3: id: expected an id of at most 200 letters a-z and A-Z, digits, '-', '.' and '_', got "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"…
1 problem in 1 file; nothing was loaded
`},
	{"empty id", files{"reports.csv": "id\nr1\n\"\"\n"}, `
reports.csv:3: id: the cell is empty; expected a value of type ID
1 problem in 1 file; nothing was loaded
`},
	{"a file name that a terminal acts on", files{"a\u009b\u202e.csv": "id\n"}, `
"a\u009b\u202e.csv": unknown file; expected one of agreements.csv, norms.csv, signatories.csv, processes.csv, case_files.csv, reports.csv, drafts.csv, agreement_norms.csv, signatures.csv, norm_mappings.csv, funded_by.csv, mentions.csv, written_by.csv
1 problem in 1 file; nothing was loaded
`},
	{"ids that are dots", files{"reports.csv": "id\nr1\n.\n..\n"}, `
reports.csv:3: id: expected an id that is more than a dot or two, which stand for folders in addresses, got "."
reports.csv:4: id: expected an id that is more than a dot or two, which stand for folders in addresses, got ".."
2 problems in 1 file; nothing was loaded
`},
	{"unknown enum value", files{"norms.csv": "id,name,level\nn1,Due care,STATTED\nn2,Restraint,stated\ncore,Care,CORE_IDEA\n"}, `
norms.csv:2: level: "STATTED" is no NormLevel (did you mean STATED?); expected one of CORE_IDEA, STATED
norms.csv:3: level: "stated" is no NormLevel (did you mean STATED?); expected one of CORE_IDEA, STATED
2 problems in 1 file; nothing was loaded
`},
	{"malformed dates", files{"case_files.csv": "id,start_date,end_date,subject\nc1,2021-02-30,,n1\nc2,2021-13,,n1\nc3,21,,n1\nc4,2021-2-3,,n1\nc5,2021-01-01T00:00:00Z,,n1\nc6,2020-02-29,?,n1\n"}, `
case_files.csv:2: start_date: expected a date of the calendar as YYYY, YYYY-MM or YYYY-MM-DD, got "2021-02-30"
case_files.csv:3: start_date: expected a date of the calendar as YYYY, YYYY-MM or YYYY-MM-DD, got "2021-13"
case_files.csv:4: start_date: expected a date of the calendar as YYYY, YYYY-MM or YYYY-MM-DD, got "21"
case_files.csv:5: start_date: expected a date of the calendar as YYYY, YYYY-MM or YYYY-MM-DD, got "2021-2-3"
case_files.csv:6: start_date: expected a date of the calendar as YYYY, YYYY-MM or YYYY-MM-DD, got "2021-01-01T00:00:00Z"
case_files.csv:7: end_date: expected a date of the calendar as YYYY, YYYY-MM or YYYY-MM-DD, got "?"
6 problems in 1 file; nothing was loaded
`},
	{"end before start", files{"case_files.csv": "id,start_date,end_date,subject\nc1,2000-05-04,2000-04,n1\nc2,2000-05-04,2000-05,n1\nc3,2000-05,2000-05-04,n1\nc4,2000-05-04,2000-05-03,n1\nc5,2000,1999,n1\nc6,2000-05-04,2000,n1\n", "processes.csv": "id,start_year,end_year\np1,2004,2003\n"}, `
case_files.csv:2: end_date: the end, 2000-04, is before the start, 2000-05-04; expected an end not before start_date
case_files.csv:5: end_date: the end, 2000-05-03, is before the start, 2000-05-04; expected an end not before start_date
case_files.csv:6: end_date: the end, 1999, is before the start, 2000; expected an end not before start_date
processes.csv:2: end_year: the end, 2003, is before the start, 2004; expected an end not before start_year
4 problems in 2 files; nothing was loaded
`},
	{"wrong year", files{"agreements.csv": "id,title,date,year,kind\na1,First,2015-07,2016,TREATY\na2,Second,2015-07,x,TREATY\na3,Third,,2015,TREATY\n"}, `
agreements.csv:2: year: expected 2015, the year of date, got 2016
agreements.csv:3: year: expected an integer of 32 bits, got "x"
agreements.csv:4: date: the cell is empty; expected a value of type PartialDate
3 problems in 1 file; nothing was loaded
`},
	{"year without a date", files{"drafts.csv": "id,date\nd1,\nd2,2015\nd3,x\n"}, `
drafts.csv:2: year: the year is not known; expected one here, or a date in date
drafts.csv:4: date: expected a date of the calendar as YYYY, YYYY-MM or YYYY-MM-DD, got "x"
2 problems in 1 file; nothing was loaded
`},
	{"malformed scalars", files{"case_files.csv": "id,start_date,time_utc,url,score,open,seen,tags,counts,weights,flags,subject\nc1,2000,9:30,ftp://example.org,1.5x,yes,2024-05-01,a;;b,1;x,NaN,true;1,n1\nc2,2000,24:00,example.org/a,Inf,TRUE,now,a; b,2147483648,0x1p-2,true;true,n1\nc3,2000,23:60,https://,null,1,,a;a,-2147483649,1;,;,n1\nc4,2000,00:00,https://example.org/a b,1e999,0,,;,1.0,,,n1\n"}, `
case_files.csv:2: time_utc: expected a time as HH:MM, 00:00 to 23:59, got "9:30"
case_files.csv:2: url: expected an http or https URL, got "ftp://example.org"
case_files.csv:2: score: expected a number such as 12.5, got "1.5x"
case_files.csv:2: open: expected true or false, got "yes"
case_files.csv:2: seen: expected a date and time by RFC 3339, such as 2024-05-01T12:00:00Z, got "2024-05-01"
case_files.csv:2: tags: the list "a;;b" has an empty element; expected values split by ';'
case_files.csv:2: counts: expected an integer of 32 bits, got "x"
case_files.csv:2: weights: expected a number such as 12.5, got "NaN"
case_files.csv:2: flags: expected true or false, got "1"
case_files.csv:3: time_utc: expected a time as HH:MM, 00:00 to 23:59, got "24:00"
case_files.csv:3: url: expected an http or https URL, got "example.org/a"
case_files.csv:3: score: expected a number such as 12.5, got "Inf"
case_files.csv:3: open: expected true or false, got "TRUE"
case_files.csv:3: seen: expected a date and time by RFC 3339, such as 2024-05-01T12:00:00Z, got "now"
case_files.csv:3: tags: the list has spaces around " b"; expected values split by ';' alone
case_files.csv:3: counts: expected an integer of 32 bits, got "2147483648"
case_files.csv:3: weights: expected a number such as 12.5, got "0x1p-2"
case_files.csv:4: time_utc: expected a time as HH:MM, 00:00 to 23:59, got "23:60"
case_files.csv:4: url: expected an http or https URL, got "https://"
case_files.csv:4: score: expected a number such as 12.5, got "null"
case_files.csv:4: open: expected true or false, got "1"
case_files.csv:4: tags: the list names "a" again; expected it once
case_files.csv:4: counts: expected an integer of 32 bits, got "-2147483649"
case_files.csv:4: weights: the list "1;" has an empty element; expected values split by ';'
case_files.csv:4: flags: the list ";" has an empty element; expected values split by ';'
case_files.csv:5: url: expected an http or https URL, got "https://example.org/a b"
case_files.csv:5: score: expected a number such as 12.5, got "1e999"
case_files.csv:5: open: expected true or false, got "0"
case_files.csv:5: tags: the list ";" has an empty element; expected values split by ';'
case_files.csv:5: counts: expected an integer of 32 bits, got "1.0"
30 problems in 1 file; nothing was loaded
`},
	{"country codes", files{"signatories.csv": "id,name,country\ns1,Kenya,KEN\ns2,Company,uk\ns3,X,UK\ns4,X,XK\ns5,X,SU\ns6,X,EU\ns7,X,QQ\n"}, `
signatories.csv:2: country: expected a country code of ISO 3166-1 alpha-2, such as KE, got "KEN"
signatories.csv:3: country: expected a country code of ISO 3166-1 alpha-2, such as KE, got "uk"
signatories.csv:4: country: expected a country code of ISO 3166-1 alpha-2, such as KE, got "UK"
signatories.csv:5: country: expected a country code of ISO 3166-1 alpha-2, such as KE, got "XK"
signatories.csv:6: country: expected a country code of ISO 3166-1 alpha-2, such as KE, got "SU"
signatories.csv:7: country: expected a country code of ISO 3166-1 alpha-2, such as KE, got "EU"
signatories.csv:8: country: expected a country code of ISO 3166-1 alpha-2, such as KE, got "QQ"
7 problems in 1 file; nothing was loaded
`},
	{"empty and blank cells", files{"norms.csv": "id,name,level\nn1,,STATED\nn2,\" \",STATED\ncore,Care,CORE_IDEA\n", "signatures.csv": "agreement,signatory,role\n,s1,\n"}, `
norms.csv:2: name: the cell is empty; expected a value of type String (2 times, in lines 2, 3)
signatures.csv:2: agreement: the cell is empty; expected the id of a row of Agreement in agreements.csv
signatures.csv:2: role: the cell is empty; expected a value of type Role
4 problems in 2 files; nothing was loaded
`},
	{"wrong row width", files{"norms.csv": "id,name,level\nn1,Due care\nn2,Restraint,STATED,x\ncore,Care,CORE_IDEA\n"}, `
norms.csv:2: the row has 2 cells; expected 3, as in the header
norms.csv:3: the row has 4 cells; expected 3, as in the header
2 problems in 1 file; nothing was loaded
`},
	{"values beyond the columns that have a name", files{"norms.csv": "id,name,level,,\nn1,Due care,STATED,,\nn2,Restraint,STATED,x,\n,,,y,\ncore,Care,CORE_IDEA,,\n"}, `
norms.csv:3: the row has 4 cells; expected 3, as in the header (2 times, in lines 3, 4)
2 problems in 1 file; nothing was loaded
`},
	{"malformed quoting", files{"norms.csv": "id,name,level\nn1,Due \"care,STATED\nn2,\"Restraint\"x,STATED\ncore,Care,CORE_IDEA\nn3,\"open,STATED\nn4,Four,STATED\n"}, `
norms.csv:2: the quoting of this row is malformed (bare " in non-quoted-field); expected cells with commas, quotes or line breaks within quotes, and each quote inside doubled
norms.csv:3: the quoting of this row is malformed (extraneous or missing " in quoted-field); expected cells with commas, quotes or line breaks within quotes, and each quote inside doubled (2 times, in lines 3, 5)
3 problems in 1 file; nothing was loaded
`},
	{"malformed quoting of a header", files{"reports.csv": "i\"d\nr1\n"}, `
reports.csv:1: the quoting of this row is malformed (bare " in non-quoted-field); expected cells with commas, quotes or line breaks within quotes, and each quote inside doubled
1 problem in 1 file; nothing was loaded
`},
	{"line numbers after cells of several lines", files{"norms.csv": "id,name,level\nn1,\"Due\ncare\",STATED\nn2,\"Re\nstraint\",STATE\ncore,,CORE_IDEA\n"}, `
norms.csv:5: level: "STATE" is no NormLevel (did you mean STATED?); expected one of CORE_IDEA, STATED
norms.csv:6: name: the cell is empty; expected a value of type String
2 problems in 1 file; nothing was loaded
`},
	{"bad UTF-8 and control characters", files{"norms.csv": "id,name,level\nn1,Due\xff,STATED\nn2,Re\x00straint,STATED\ncore,Ca\rre\u0085,CORE_IDEA\n"}, `
norms.csv:2: name: the cell is not valid UTF-8: "Due\xff"
norms.csv:3: name: the cell holds a control character: "\x00"
norms.csv:4: name: the cell holds a control character: "\r"
3 problems in 1 file; nothing was loaded
`},
	{"lines ended by CR alone", files{"reports.csv": "id\rr1\r"}, `
reports.csv:1: the name of column 1 holds a control character: "\r"
1 problem in 1 file; nothing was loaded
`},
	{"UTF-16", files{"reports.csv": "\xff\xfei\x00d\x00"}, `
reports.csv:1: the name of column 1 is not valid UTF-8: "\xff\xfei\x00d\x00"
1 problem in 1 file; nothing was loaded
`},
	{"unknown column", files{"norms.csv": "id,nmae,level,,shoe_size\nn1,Due care,STATED,,\nn2,Restraint,STATED,,\ncore,Care,CORE_IDEA,,\n"}, `
norms.csv:1: nmae: unknown column (did you mean name?); expected one of id, name, level
norms.csv:1: column 4 has no name; expected one of id, name, level
norms.csv:1: shoe_size: unknown column; expected one of id, name, level
norms.csv:1: name: the column is missing; every row needs a value in it
4 problems in 1 file; nothing was loaded
`},
	{"column twice", files{"norms.csv": "id,name,level,name\nn1,Due care,STATED,\nn2,Restraint,STATED,\ncore,Care,CORE_IDEA,\n"}, `
norms.csv:1: name: the column is there twice; expected it once
1 problem in 1 file; nothing was loaded
`},
	{"columns split by semicolons", files{"norms.csv": "id;name;level\nn1;Due care;STATED\n"}, `
norms.csv:1: expected columns split by commas, got "id;name;level"
1 problem in 1 file; nothing was loaded
`},
	{"missing columns", files{"norms.csv": "id,name\nn1,Due care\nn2,Restraint\ncore,Care\n", "signatures.csv": "signatory,role\ns1,PARTY\n"}, `
norms.csv:1: level: the column is missing; every row needs a value in it
signatures.csv:1: agreement: the column is missing; every row needs a value in it
2 problems in 2 files; nothing was loaded
`},
	{"missing id column", files{"reports.csv": "norms\n"}, `
reports.csv:1: norms: unknown column; expected one of id
reports.csv:1: id: the column is missing; every row needs a value in it
2 problems in 1 file; nothing was loaded
`},
	{"empty file", files{"reports.csv": "\n"}, `
reports.csv:1: the file is empty; expected a header with columns of id
1 problem in 1 file; nothing was loaded
`},
	{"unknown file", files{"Norm.csv": "id\n", "NORMS.CSV": "id\n", "weather_in_geneva.csv": "id\n"}, `
NORMS.CSV: unknown file (did you mean norms.csv?); expected one of agreements.csv, norms.csv, signatories.csv, processes.csv, case_files.csv, reports.csv, drafts.csv, agreement_norms.csv, signatures.csv, norm_mappings.csv, funded_by.csv, mentions.csv, written_by.csv
Norm.csv: unknown file (did you mean norms.csv?); expected one of agreements.csv, norms.csv, signatories.csv, processes.csv, case_files.csv, reports.csv, drafts.csv, agreement_norms.csv, signatures.csv, norm_mappings.csv, funded_by.csv, mentions.csv, written_by.csv
weather_in_geneva.csv: unknown file; expected one of agreements.csv, norms.csv, signatories.csv, processes.csv, case_files.csv, reports.csv, drafts.csv, agreement_norms.csv, signatures.csv, norm_mappings.csv, funded_by.csv, mentions.csv, written_by.csv
3 problems in 3 files; nothing was loaded
`},
	{"missing required relation", files{"case_files.csv": "id,start_date,subject\nc1,2000,n1\n\"c2\",\"2001\",\"\"\n"}, `
case_files.csv:3: subject: "c2" has no subject; expected the id of a row of Norm in norms.csv
1 problem in 1 file; nothing was loaded
`},
	{"missing column of a required relation", files{"case_files.csv": "id,start_date\nc1,2000\nc2,2001\n"}, `
case_files.csv:1: subject: the column is missing; expected the id of a row of Norm in norms.csv for each row
1 problem in 1 file; nothing was loaded
`},
	{"second relation of a single one", files{"processes.csv": "id,agreements\np1,\np2,a1\n"}, `
processes.csv:3: agreements: "a1" has another process already (agreements.csv:2); expected at most one
1 problem in 1 file; nothing was loaded
`},
	{"duplicate relationships", files{"case_files.csv": "id,start_date,subject,witnesses\nc1,2000,n1,s1;s1\n", "agreement_norms.csv": "agreement,norm,locator,checked\na1,n1,,true\na1,n1,13,true\na1,n1,,false\n", "signatures.csv": "agreement,signatory,role,date,note\na1,s1,PARTY,,\na1,s1,PARTY,,x\n", "processes.csv": "id,agreements\np1,a1\n"}, `
agreement_norms.csv:4: the relationship CONTAINS from "a1" to "n1" is stated already (agreement_norms.csv:2) with other values; expected it once, or rows that differ in locator
case_files.csv:2: witnesses: the list names "s1" again; expected it once
signatures.csv:3: the relationship SIGNED from "s1" to "a1" is stated already (signatures.csv:2) with other values; expected it once, or rows that differ in role, date
3 problems in 3 files; nothing was loaded
`},
	{"all problems of all files at once", files{"corpus.json": "{\"name\": \"x\"}", "norms.csv": "id,name,level\nn1,Due care,STATED\nn2,,STATTED\ncore,Care,CORE_IDEA\n", "reports.csv": "id\nr1\nr1\n", "signatures.csv": "agreement,signatory,role\na1,nobody,PARTI\n"}, `
corpus.json:1: version: the key is missing; expected a text
norms.csv:3: name: the cell is empty; expected a value of type String
norms.csv:3: level: "STATTED" is no NormLevel (did you mean STATED?); expected one of CORE_IDEA, STATED
reports.csv:3: id: "r1" is already the id of line 2; expected one row for an id
signatures.csv:2: signatory: nothing has the id "nobody"; expected the id of a row of Signatory in signatories.csv
signatures.csv:2: role: "PARTI" is no Role (did you mean PARTY?); expected one of SIGNATORY, PARTY
6 problems in 4 files; nothing was loaded
`},
	{"ends that are not joined", files{"mentions.csv": "from,to\nr1,s1\n"}, `
mentions.csv:2: no relationship of this file leads from "r1" (Report) to "s1" (Signatory); expected CaseFile to Signatory or Report to Norm or Report to Agreement
1 problem in 1 file; nothing was loaded
`},
	{"missing and second relation with properties", files{"reports.csv": "id\nr1\nr2\n", "written_by.csv": "report,signatory\nr1,s1\nr1,s2\n"}, `
reports.csv:3: author: "r2" has no author; expected a row of it in written_by.csv
written_by.csv:3: "r1" has another author already (written_by.csv:2); expected at most one
2 problems in 2 files; nothing was loaded
`},
	{"a refused row may have stated what seems missing", files{"written_by.csv": "report,signatory\nr1\n"}, `
written_by.csv:2: the row has 1 cell; expected 2, as in the header
1 problem in 1 file; nothing was loaded
`},
	{"every wrong element of a list", files{"agreements.csv": "id,title,date,kind,countries\na1,First,2015,TREATY,KEN;FR;UK;\n", "case_files.csv": "id,start_date,subject,counts,witnesses\nc1,2000,n1,1;1,s1;nobody; s2\n"}, `
agreements.csv:2: countries: the list "KEN;FR;UK;" has an empty element; expected values split by ';'
agreements.csv:2: countries: expected a country code of ISO 3166-1 alpha-2, such as KE, got "KEN"
agreements.csv:2: countries: expected a country code of ISO 3166-1 alpha-2, such as KE, got "UK"
case_files.csv:2: witnesses: the list has spaces around " s2"; expected values split by ';' alone
case_files.csv:2: witnesses: nothing has the id "nobody"; expected the id of a row of Signatory in signatories.csv
5 problems in 2 files; nothing was loaded
`},
	{"corpus.json: missing", files{"corpus.json": ""}, `
corpus.json: the file is missing; expected the name and version of the corpus in it
1 problem in 1 file; nothing was loaded
`},
	{"corpus.json: unknown, repeated, mistyped and missing keys", files{"corpus.json": "{\n \"nmae\": \"x\",\n \"licence\": 1,\n \"licence\": \"x\",\n \"licence\": \"y\",\n \"sources\": [\"a\", null, \"b\\u0000\"],\n \"Version\": \"1\",\n \"version\": \" \"\n}"}, `
corpus.json:1: name: the key is missing; expected a text
corpus.json:2: unknown key "nmae" (did you mean name?); expected one of name, version, licence, sources, date
corpus.json:3: licence: expected a text, got "1"
corpus.json:4: licence: the key is there twice; expected it once (2 times, in lines 4, 5)
corpus.json:6: sources[1]: expected a text, got "null"
corpus.json:6: sources[2]: the value holds a control character: "\x00"
corpus.json:7: unknown key "Version" (did you mean version?); expected one of name, version, licence, sources, date
corpus.json:8: version: expected a text, got ""
9 problems in 1 file; nothing was loaded
`},
	{"corpus.json: sources", files{"corpus.json": "{\n\"name\": \"x\", \"version\": \"1\", \"date\": \"2026-13\",\n\"sources\": [\n{\"name\": \"a\", \"license\": \"b\"},\n{\n\"url\": \"x\",\n\"sources\": [\n{\"date\": 1}]}, 7]}"}, `
corpus.json:2: date: expected a date of the calendar as YYYY, YYYY-MM or YYYY-MM-DD, got "2026-13"
corpus.json:4: sources[0]: unknown key "license" (did you mean licence?); expected one of name, version, licence, date, url, sources
corpus.json:5: sources[1].name: the key is missing; expected a text
corpus.json:6: sources[1].url: expected an http or https URL, got "x"
corpus.json:8: sources[1].sources[0].date: expected a text, got "1"
corpus.json:8: sources[1].sources[0].name: the key is missing; expected a text
corpus.json:8: sources[2]: expected a text, got "7"
7 problems in 1 file; nothing was loaded
`},
	{"corpus.json: not JSON", files{"corpus.json": "{\n \"name\": \"x\",\n \"version\" \"1\"\n}"}, `
corpus.json:3: the file is no JSON: expected colon after object key; expected a JSON object with the keys name, version, licence, sources, date
1 problem in 1 file; nothing was loaded
`},
	{"corpus.json: cut short", files{"corpus.json": "{\"name\": \"x\""}, `
corpus.json:1: the file is no JSON: it ends too early; expected a JSON object with the keys name, version, licence, sources, date
1 problem in 1 file; nothing was loaded
`},
	{"corpus.json: no object", files{"corpus.json": "[\"name\"]"}, `
corpus.json:1: the file is no JSON object; expected a JSON object with the keys name, version, licence, sources, date
1 problem in 1 file; nothing was loaded
`},
	{"corpus.json: more than an object", files{"corpus.json": "{\"name\": \"x\", \"version\": \"1\"}\n{}"}, `
corpus.json:2: something follows the JSON object; expected a JSON object with the keys name, version, licence, sources, date
1 problem in 1 file; nothing was loaded
`},
	{"corpus.json: bad UTF-8", files{"corpus.json": "{\"name\": \"x\",\n \"version\": \"\xff\"}"}, `
corpus.json:2: the file is not valid UTF-8; expected a JSON object with the keys name, version, licence, sources, date
1 problem in 1 file; nothing was loaded
`},
}

func TestReadListsProblems(t *testing.T) {
	cat := readCatalog(t, fixtureSchema)
	for _, m := range mistakes {
		t.Run(m.name, func(t *testing.T) {
			d, err := seed.Read(corpus(m.files), cat)
			var problems *seed.Problems
			if d != nil || !errors.As(err, &problems) {
				t.Fatalf("got data set %v and error %v, want problems alone", d, err)
			}
			if diff := cmp.Diff(strings.TrimSpace(m.want), err.Error()); diff != "" {
				t.Errorf("-want +got:\n%s\n", diff)
			}
		})
	}
}
