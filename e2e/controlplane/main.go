// Command controlplane is upstream's own control plane in one binary: each subcommand is the
// program of that name, with upstream's flags. What is not upstream's is only what stands around
// them: certificates and tokens, and the container runtime that a kubelet talks to.
package main

import (
	"context"
	"fmt"
	"os"
	_ "time/tzdata" // kube-controller-manager's CronJobs name time zones

	"github.com/spf13/cobra"
	"go.etcd.io/etcd/server/v3/etcdmain"
	"k8s.io/component-base/cli"
	_ "k8s.io/component-base/logs/json/register"          // --logging-format=json
	_ "k8s.io/component-base/metrics/prometheus/clientgo" // client metrics
	_ "k8s.io/component-base/metrics/prometheus/version"  // version metric
	apiserver "k8s.io/kubernetes/cmd/kube-apiserver/app"
	controllers "k8s.io/kubernetes/cmd/kube-controller-manager/app"
	scheduler "k8s.io/kubernetes/cmd/kube-scheduler/app"
	kubelet "k8s.io/kubernetes/cmd/kubelet/app"

	"lamella.dev/e2e/controlplane/internal/credentials"
	"lamella.dev/e2e/controlplane/internal/runtime"
)

const usage = `usage: controlplane PROGRAM [flag...], PROGRAM --help lists its flags

  etcd, kube-apiserver, kube-scheduler, kube-controller-manager, kubelet
                   upstream's programs
  fake-runtime     a container runtime for the kubelet that starts no processes
  credentials      a CA, serving certificates, tokens and kubeconfigs for all of them
`

func main() {
	if len(os.Args) < 2 {
		fmt.Fprint(os.Stderr, usage)
		os.Exit(2)
	}
	program := os.Args[1]
	// Upstream's commands parse os.Args: each sees itself as the program.
	os.Args = append([]string{program}, os.Args[2:]...)
	if program == "etcd" {
		etcdmain.Main(os.Args)
		return
	}
	command := commandNamed(program)
	if command == nil {
		fmt.Fprintf(os.Stderr, "controlplane: no program %q\n%s", program, usage)
		os.Exit(2)
	}
	os.Exit(cli.Run(command))
}

// commandNamed builds only the one asked for: the constructors register flags and feature gates
// in process-wide tables, where two of them would meet.
func commandNamed(program string) *cobra.Command {
	switch program {
	case "kube-apiserver":
		return apiserver.NewAPIServerCommand()
	case "kube-scheduler":
		return scheduler.NewSchedulerCommand()
	case "kube-controller-manager":
		return controllers.NewControllerManagerCommand()
	case "kubelet":
		return kubelet.NewKubeletCommand(context.Background())
	case "fake-runtime":
		return runtime.NewCommand()
	case "credentials":
		return credentials.NewCommand()
	}
	return nil
}
