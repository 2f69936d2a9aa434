package runtime

import (
	"strconv"
	"time"

	runtimeapi "k8s.io/cri-api/pkg/apis/runtime/v1"
)

// lingerVariable in a container's environment is for how many seconds it goes on after SIGTERM.
const lingerVariable = "LINGER_SECONDS"

// killed is the exit code of a container that did not end before its grace period.
const killed = 137

// life is how a container ends: by itself, when its command says so, or when it is stopped.
type life struct {
	ends   bool // by itself
	after  time.Duration
	code   int32
	linger time.Duration
}

// lifeOf reads the commands true, false and sleep SECONDS; with any other the container runs until
// it is stopped.
func lifeOf(config *runtimeapi.ContainerConfig) life {
	l := ending(config.Command)
	for _, variable := range config.Envs {
		if variable.Key == lingerVariable {
			l.linger, _ = seconds(string(variable.Value))
		}
	}
	return l
}

func ending(command []string) life {
	switch {
	case len(command) == 1 && command[0] == "true":
		return life{ends: true}
	case len(command) == 1 && command[0] == "false":
		return life{ends: true, code: 1}
	case len(command) == 2 && command[0] == "sleep":
		after, ok := seconds(command[1])
		return life{ends: ok, after: after}
	}
	return life{}
}

// stopping is how long the container takes to end when it is told to, and its exit code then.
func (l life) stopping(grace time.Duration) (time.Duration, int32) {
	if l.linger > grace {
		return grace, killed
	}
	return l.linger, 0
}

func seconds(text string) (time.Duration, bool) {
	number, err := strconv.ParseFloat(text, 64)
	return time.Duration(number * float64(time.Second)), err == nil
}
