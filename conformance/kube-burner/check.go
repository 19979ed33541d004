// Reads what a run of kube-burner reads, with kube-burner's own code: the configuration, its object templates, its profiles and its measurements.
// Built inside a copy of kube-burner, whose module path replaces MODULE. Prints one line of JSON.
//
// It runs in the folder of the files, as kube-burner does: check run-fill-node.yaml
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	"k8s.io/apimachinery/pkg/util/validation"
	"sigs.k8s.io/yaml"

	"MODULE/pkg/alerting"
	"MODULE/pkg/config"
	"MODULE/pkg/measurements"
	"MODULE/pkg/prometheus"
	"MODULE/pkg/util"
)

// created is a kind of object that a job creates or deletes.
type created struct {
	Kind  string `json:"kind"`
	Count int    `json:"count"`
}

// job is what kube-burner makes of a job, defaults included.
type job struct {
	Name       string    `json:"name"`
	Type       string    `json:"type"`
	QPS        float32   `json:"qps"`
	Burst      int       `json:"burst"`
	Namespaces int       `json:"namespaces"`
	Objects    []created `json:"objects"`
}

// result is what kube-burner makes of a file.
type result struct {
	Jobs         []job    `json:"jobs"`
	Metrics      int      `json:"metrics"`
	Alerts       int      `json:"alerts"`
	Measurements []string `json:"measurements"`
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

// A stand-in for an API server that only tells its version: measurements ask for it before they check what they were given.
func provider() *config.KubeClientProvider {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		fmt.Fprint(w, `{"major":"1","minor":"35","gitVersion":"v1.35.0"}`)
	}))
	folder, err := os.MkdirTemp("", "check")
	if err != nil {
		fail(err)
	}
	defer os.RemoveAll(folder)
	kubeconfig := filepath.Join(folder, "kubeconfig")
	text := fmt.Sprintf("apiVersion: v1\nkind: Config\ncurrent-context: a\nclusters: [{name: a, cluster: {server: %q}}]\ncontexts: [{name: a, context: {cluster: a, user: a}}]\nusers: [{name: a, user: {}}]\n", server.URL)
	if err := os.WriteFile(kubeconfig, []byte(text), 0o600); err != nil {
		fail(err)
	}
	return config.NewKubeClientProvider(kubeconfig, "")
}

// rendered renders an object as the job would and decodes it strictly. Names have to differ, or the API server would refuse the second.
func rendered(template []byte, iteration, replica int, spec config.Job, seen map[string]bool) (string, error) {
	data := map[string]any{"JobName": spec.Name, "Iteration": iteration, "UUID": "check", "RunID": "check", "Replica": replica}
	text, err := util.RenderTemplate(template, data, util.MissingKeyError, []string{})
	if err != nil {
		return "", err
	}
	var deployment appsv1.Deployment
	if err := yaml.UnmarshalStrict(text, &deployment); err != nil {
		return "", err
	}
	labels := deployment.Spec.Template.Labels
	for key, value := range deployment.Spec.Selector.MatchLabels {
		if labels[key] != value {
			return "", fmt.Errorf("iteration %d: its pods do not have %s=%s", iteration, key, value)
		}
	}
	for key, value := range deployment.Labels {
		if problems := validation.IsValidLabelValue(value); len(problems) > 0 {
			return "", fmt.Errorf("label %s: %v", key, problems)
		}
	}
	if problems := validation.IsDNS1123Subdomain(deployment.Name); len(problems) > 0 {
		return "", fmt.Errorf("name %q: %v", deployment.Name, problems)
	}
	if seen[deployment.Name] {
		return "", fmt.Errorf("two objects are named %q", deployment.Name)
	}
	seen[deployment.Name] = true
	return deployment.Kind, nil
}

func objectsOf(spec config.Job) ([]created, error) {
	var all []created
	for _, object := range spec.Objects {
		if spec.JobType == config.DeletionJob {
			if len(object.LabelSelector) == 0 {
				return nil, fmt.Errorf("%s: deletes all %s", spec.Name, object.Kind)
			}
			all = append(all, created{Kind: object.Kind})
			continue
		}
		template, err := os.ReadFile(object.ObjectTemplate)
		if err != nil {
			return nil, err
		}
		seen := map[string]bool{}
		kind := ""
		for iteration := 0; iteration < spec.JobIterations; iteration++ {
			for replica := 1; replica <= object.Replicas; replica++ {
				if kind, err = rendered(template, iteration, replica, spec, seen); err != nil {
					return nil, fmt.Errorf("%s: %w", object.ObjectTemplate, err)
				}
			}
		}
		all = append(all, created{Kind: kind, Count: len(seen)})
	}
	return all, nil
}

func main() {
	text, err := os.ReadFile(os.Args[1])
	if err != nil {
		fail(err)
	}
	spec, err := config.Parse("check", time.Hour, bytes.NewReader(text))
	if err != nil {
		fail(err)
	}
	found := result{Measurements: []string{}}
	for _, one := range spec.Jobs {
		objects, err := objectsOf(one)
		if err != nil {
			fail(err)
		}
		entry := job{Name: one.Name, Type: string(one.JobType), QPS: one.QPS, Burst: one.Burst, Objects: objects}
		if one.JobType == config.CreationJob && one.NamespacedIterations {
			entry.Namespaces = one.JobIterations
		}
		found.Jobs = append(found.Jobs, entry)
	}
	for _, endpoint := range spec.MetricsEndpoints {
		var client prometheus.Prometheus
		for _, profile := range endpoint.Metrics {
			if endpoint.IndexerConfig.Type == "" {
				fail(fmt.Errorf("%s: kube-burner refuses a metrics profile without an indexer", profile))
			}
			if err := client.ReadProfile(profile, nil); err != nil {
				fail(err)
			}
			found.Metrics++
		}
		for _, profile := range endpoint.Alerts {
			if _, err := alerting.NewAlertManager(profile, "check", &client, nil, nil, nil); err != nil {
				fail(err)
			}
			found.Alerts++
		}
	}
	if len(spec.GlobalConfig.Measurements) > 0 {
		factory := measurements.NewMeasurementsFactory(spec, map[string]any{}, nil)
		made := factory.NewMeasurements(&spec.Jobs[0], provider(), nil /*MORE*/)
		for name := range made.MeasurementsMap {
			found.Measurements = append(found.Measurements, name)
		}
		if len(made.MeasurementsMap) != len(spec.GlobalConfig.Measurements) {
			fail(fmt.Errorf("of the measurements, only %v are known", found.Measurements))
		}
	}
	line, err := json.Marshal(found)
	if err != nil {
		fail(err)
	}
	fmt.Println(string(line))
}
