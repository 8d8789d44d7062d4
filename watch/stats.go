package watch

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
)

// stats are the daemon's metrics. Their labels are countries, themes, reasons:
// never titles or addresses.
type stats struct {
	registry   *prometheus.Registry
	cycles     *prometheus.CounterVec
	seconds    prometheus.Histogram
	last       prometheus.Gauge
	lastRead   prometheus.Gauge
	blind      prometheus.Gauge
	refused    prometheus.Gauge
	sources    *prometheus.GaugeVec
	coverage   *prometheus.GaugeVec
	articles   *prometheus.CounterVec
	hits       *prometheus.CounterVec
	quiet      *prometheus.CounterVec
	deliveries *prometheus.CounterVec
	latency    *prometheus.GaugeVec
}

func newStats() *stats {
	counter := func(name, help string, labels ...string) *prometheus.CounterVec {
		return prometheus.NewCounterVec(prometheus.CounterOpts{Namespace: "driftwatch", Name: name, Help: help}, labels)
	}
	gauge := func(name, help string, labels ...string) *prometheus.GaugeVec {
		return prometheus.NewGaugeVec(prometheus.GaugeOpts{Namespace: "driftwatch", Name: name, Help: help}, labels)
	}
	s := &stats{
		registry: prometheus.NewRegistry(),
		cycles:   counter("cycles_total", "Cycles, by result: done or failed.", "result"),
		seconds: prometheus.NewHistogram(prometheus.HistogramOpts{
			Namespace: "driftwatch", Name: "cycle_seconds", Help: "How long cycles took.",
			Buckets: prometheus.ExponentialBuckets(0.1, 3, 9),
		}),
		last:       prometheus.NewGauge(prometheus.GaugeOpts{Namespace: "driftwatch", Name: "last_cycle_timestamp_seconds", Help: "When the last cycle that did its work began."}),
		lastRead:   prometheus.NewGauge(prometheus.GaugeOpts{Namespace: "driftwatch", Name: "last_read_timestamp_seconds", Help: "When a source was read last; 0: never."}),
		blind:      prometheus.NewGauge(prometheus.GaugeOpts{Namespace: "driftwatch", Name: "nothing_read", Help: "1 while no source can be read, and /healthz is unwell for it."}),
		refused:    prometheus.NewGauge(prometheus.GaugeOpts{Namespace: "driftwatch", Name: "rules_refused", Help: "1 while changed rules are refused and those before them go on."}),
		sources:    gauge("sources", "Sources in the last cycle, by what became of them.", "state"),
		coverage:   gauge("coverage_ratio", "Part of a country's enabled sources that could be read.", "country"),
		articles:   counter("articles_total", "Articles filed: new or revised.", "kind"),
		hits:       counter("hits_total", "Hits, by theme.", "theme"),
		quiet:      counter("hits_quiet_total", "Hits kept without an alert, by reason.", "reason"),
		deliveries: counter("deliveries_total", "Deliveries, by what became of them.", "state"),
		latency:    gauge("latency_seconds", "Median times of the last cycle that had any, by stretch of the way.", "stretch"),
	}
	s.registry.MustRegister(s.cycles, s.seconds, s.last, s.lastRead, s.blind, s.refused, s.sources, s.coverage, s.articles, s.hits, s.quiet, s.deliveries, s.latency,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return s
}

// cycle adds one cycle.
func (s *stats) cycle(c Summary, err error) {
	if err != nil {
		s.cycles.WithLabelValues("failed").Inc()
		return
	}
	s.cycles.WithLabelValues("done").Inc()
	s.seconds.Observe(c.Seconds)
	s.last.Set(float64(c.Started.Unix()))
	for state, n := range map[string]int{
		"enabled": c.Sources.Enabled, "due": c.Sources.Due, "polled": c.Sources.Polled,
		"unchanged": c.Sources.Unchanged, "failed": c.Sources.Failed, "left": c.Sources.Left, "failing": c.Sources.Failing,
	} {
		s.sources.WithLabelValues(state).Set(float64(n))
	}
	for _, cover := range c.Coverage.Countries {
		s.coverage.WithLabelValues(cover.Key).Set(float64(cover.Read) / float64(cover.Total))
	}
	s.articles.WithLabelValues("new").Add(float64(c.Articles.New))
	s.articles.WithLabelValues("revised").Add(float64(c.Articles.Revised))
	for theme, n := range c.Hits {
		s.hits.WithLabelValues(theme).Add(float64(n))
	}
	for reason, n := range c.Quiet {
		s.quiet.WithLabelValues(reason).Add(float64(n))
	}
	s.deliveries.WithLabelValues("sent").Add(float64(c.Alerts.Sent))
	s.deliveries.WithLabelValues("retried").Add(float64(c.Alerts.Retried))
	s.deliveries.WithLabelValues("failed").Add(float64(c.Alerts.Failed))
	if c.Latency.PublishedSeen.N > 0 {
		s.latency.WithLabelValues("published_to_seen").Set(c.Latency.PublishedSeen.Median)
	}
	if c.Latency.SeenAlerted.N > 0 {
		s.latency.WithLabelValues("seen_to_alerted").Set(c.Latency.SeenAlerted.Median)
	}
}

// read notes when a source was read last, and whether nothing can be read.
func (s *stats) read(last *time.Time, nothing bool) {
	if last != nil {
		s.lastRead.Set(float64(last.Unix()))
	}
	s.blind.Set(0)
	if nothing {
		s.blind.Set(1)
	}
}

// rules notes whether the last change of the rules was taken over.
func (s *stats) rules(err error) {
	if err != nil {
		s.refused.Set(1)
		return
	}
	s.refused.Set(0)
}
