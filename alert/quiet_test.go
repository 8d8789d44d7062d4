package alert_test

import (
	"testing"
	"time"

	"driftwatch/alert"
	"driftwatch/configs"
)

func clockAt(t *testing.T, s string) configs.Clock {
	t.Helper()
	var c configs.Clock
	if err := c.UnmarshalText([]byte(s)); err != nil {
		t.Fatal(err)
	}
	return c
}

func zoneAt(t *testing.T, name string) configs.Zone {
	t.Helper()
	l, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return configs.ZoneAt(l)
}

func moment(t *testing.T, s string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func TestQuietHours(t *testing.T) {
	night := &configs.QuietHours{From: clockAt(t, "22:00"), To: clockAt(t, "07:00"), ExceptLevel: 5, Timezone: zoneAt(t, "Asia/Almaty")}
	friday := &configs.QuietHours{From: clockAt(t, "18:00"), To: clockAt(t, "09:00"), Days: []string{"fri"}, Timezone: zoneAt(t, "UTC")}
	berlin := &configs.QuietHours{From: clockAt(t, "22:00"), To: clockAt(t, "07:00"), Timezone: zoneAt(t, "Europe/Berlin")}
	morning := &configs.QuietHours{From: clockAt(t, "07:00"), To: clockAt(t, "09:00"), Timezone: zoneAt(t, "Asia/Almaty")}
	for name, c := range map[string]struct {
		route, channel *configs.QuietHours
		level          int
		at, until      string // until: "" for not quiet
	}{
		"before them":              {night, nil, 3, "2031-08-26T21:59:59+05:00", ""},
		"in the evening":           {night, nil, 3, "2031-08-26T22:00:00+05:00", "2031-08-27T07:00:00+05:00"},
		"after midnight":           {night, nil, 3, "2031-08-27T03:00:00+05:00", "2031-08-27T07:00:00+05:00"},
		"as they end":              {night, nil, 3, "2031-08-27T07:00:00+05:00", ""},
		"but for what is of level": {night, nil, 5, "2031-08-27T03:00:00+05:00", ""},
		"of the channel":           {nil, night, 3, "2031-08-27T03:00:00+05:00", "2031-08-27T07:00:00+05:00"},
		"on its day":               {friday, nil, 3, "2031-08-29T20:00:00Z", "2031-08-30T09:00:00Z"},
		"the morning after":        {friday, nil, 3, "2031-08-30T08:00:00Z", "2031-08-30T09:00:00Z"},
		"not on another day":       {friday, nil, 3, "2031-08-28T20:00:00Z", ""},
		"one after the other":      {night, morning, 3, "2031-08-27T03:00:00+05:00", "2031-08-27T09:00:00+05:00"},
		"the clocks go forward":    {berlin, nil, 3, "2031-03-30T00:30:00+01:00", "2031-03-30T07:00:00+02:00"},
		"the clocks go back":       {berlin, nil, 3, "2031-10-26T00:30:00+02:00", "2031-10-26T07:00:00+01:00"},
	} {
		router := alert.NewRouter([]configs.Route{{Name: "r", QuietHours: c.route, To: []string{"c"}}},
			map[string]configs.Channel{"c": {QuietHours: c.channel}})
		want := time.Time{}
		if c.until != "" {
			want = moment(t, c.until)
		}
		if got := router.QuietUntil(alert.Target{Route: "r", Channel: "c"}, c.level, moment(t, c.at)); !got.Equal(want) {
			t.Errorf("%s: until %v, want %v", name, got, want)
		}
	}
}

// The next digest is the first moment that is due and wasn't before.
func TestNextDigest(t *testing.T) {
	for _, s := range []configs.Schedule{
		{Every: "hourly", At: clockAt(t, "00:15"), Timezone: zoneAt(t, "Asia/Kolkata")},
		{Every: "daily", At: clockAt(t, "08:00"), Timezone: zoneAt(t, "Europe/Berlin")},
		{Every: "weekly", At: clockAt(t, "09:00"), Weekday: "mon", Timezone: zoneAt(t, "Asia/Bishkek")},
	} {
		for now := moment(t, "2031-03-28T00:00:00Z"); now.Before(moment(t, "2031-04-09T00:00:00Z")); now = now.Add(47 * time.Minute) {
			next := alert.NextDigest(s, now)
			if !next.After(now) {
				t.Fatalf("%s: next after %v is %v", s.Every, now, next)
			}
			if _, _, early := alert.DueDigest(s, now, next.Add(-time.Second)); early {
				t.Errorf("%s: after %v one is due before %v", s.Every, now, next)
			}
			if span, _, due := alert.DueDigest(s, now, next); !due || !span.To.Equal(next) {
				t.Errorf("%s: after %v none is due at %v", s.Every, now, next)
			}
		}
	}
}

func TestDueDigest(t *testing.T) {
	hourly := configs.Schedule{Every: "hourly", At: clockAt(t, "00:15"), Timezone: zoneAt(t, "Asia/Kolkata")}
	daily := configs.Schedule{Every: "daily", At: clockAt(t, "08:00"), Timezone: zoneAt(t, "Asia/Bishkek")}
	weekly := configs.Schedule{Every: "weekly", At: clockAt(t, "09:00"), Weekday: "mon", Timezone: zoneAt(t, "Asia/Bishkek")}
	spring := configs.Schedule{Every: "daily", At: clockAt(t, "08:00"), Timezone: zoneAt(t, "Europe/Berlin")}
	for name, c := range map[string]struct {
		s               configs.Schedule
		last, now, made string
		due             bool
	}{
		"never made: it begins now":    {daily, "", "2031-08-26T12:00:00+06:00", "2031-08-26T12:00:00+06:00", false},
		"not yet":                      {daily, "2031-08-26T08:00:00+06:00", "2031-08-27T07:59:00+06:00", "2031-08-26T08:00:00+06:00", false},
		"a day later":                  {daily, "2031-08-26T08:00:00+06:00", "2031-08-27T08:00:00+06:00", "2031-08-27T08:00:00+06:00", true},
		"slept for five days: one":     {daily, "2031-08-21T08:00:00+06:00", "2031-08-26T12:00:00+06:00", "2031-08-26T08:00:00+06:00", true},
		"the clock was ahead":          {daily, "2032-08-21T08:00:00+06:00", "2031-08-26T12:00:00+06:00", "2031-08-26T12:00:00+06:00", false},
		"an hour":                      {hourly, "2031-08-26T10:15:00+05:30", "2031-08-26T11:16:00+05:30", "2031-08-26T11:15:00+05:30", true},
		"an hour, not yet":             {hourly, "2031-08-26T10:15:00+05:30", "2031-08-26T11:14:00+05:30", "2031-08-26T10:15:00+05:30", false},
		"a week":                       {weekly, "2031-08-18T09:00:00+06:00", "2031-08-25T09:00:00+06:00", "2031-08-25T09:00:00+06:00", true},
		"a week, on Sunday":            {weekly, "2031-08-18T09:00:00+06:00", "2031-08-24T23:00:00+06:00", "2031-08-18T09:00:00+06:00", false},
		"a week, early on Monday":      {weekly, "2031-08-18T09:00:00+06:00", "2031-08-25T08:59:00+06:00", "2031-08-18T09:00:00+06:00", false},
		"the day the clocks go ahead":  {spring, "2031-03-29T08:00:00+01:00", "2031-03-30T08:00:00+02:00", "2031-03-30T08:00:00+02:00", true},
		"the day after, an hour early": {spring, "2031-03-30T08:00:00+02:00", "2031-03-31T07:59:00+02:00", "2031-03-30T08:00:00+02:00", false},
	} {
		last := time.Time{}
		if c.last != "" {
			last = moment(t, c.last)
		}
		span, made, due := alert.DueDigest(c.s, last, moment(t, c.now))
		if due != c.due || !made.Equal(moment(t, c.made)) {
			t.Errorf("%s: made %v, due %t; want %s, %t", name, made, due, c.made, c.due)
		}
		if due && (!span.From.Equal(last) || !span.To.Equal(made)) {
			t.Errorf("%s: about %+v", name, span)
		}
	}
}
