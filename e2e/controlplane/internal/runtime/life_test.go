package runtime

import (
	"testing"
	"time"

	runtimeapi "k8s.io/cri-api/pkg/apis/runtime/v1"
)

func TestLifeOfCommand(t *testing.T) {
	for _, c := range []struct {
		command []string
		want    life
	}{
		{nil, life{}},
		{[]string{"serve"}, life{}},
		{[]string{"true"}, life{ends: true}},
		{[]string{"false"}, life{ends: true, code: 1}},
		{[]string{"sleep", "1.5"}, life{ends: true, after: 1500 * time.Millisecond}},
		{[]string{"sleep", "long"}, life{}},
	} {
		if got := lifeOf(&runtimeapi.ContainerConfig{Command: c.command}); got != c.want {
			t.Errorf("%q: %+v, want %+v", c.command, got, c.want)
		}
	}
}

func TestLingeringPastTheGracePeriodIsKilled(t *testing.T) {
	l := lifeOf(&runtimeapi.ContainerConfig{
		Envs: []*runtimeapi.KeyValue{{Key: lingerVariable, Value: []byte("3")}},
	})
	if wait, code := l.stopping(10 * time.Second); wait != 3*time.Second || code != 0 {
		t.Errorf("ends after %v with %d", wait, code)
	}
	if wait, code := l.stopping(time.Second); wait != time.Second || code != killed {
		t.Errorf("killed after %v with %d", wait, code)
	}
}
