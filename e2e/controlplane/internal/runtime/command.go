package runtime

import (
	"errors"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"
	"google.golang.org/grpc"
	runtimeapi "k8s.io/cri-api/pkg/apis/runtime/v1"
	"k8s.io/cri-client/pkg/util"
)

// NewCommand serves the runtime on a unix socket until SIGTERM or SIGINT.
func NewCommand() *cobra.Command {
	var endpoint, record string
	command := &cobra.Command{
		Use:          "fake-runtime",
		Short:        "A container runtime for the kubelet that starts no processes",
		Args:         cobra.NoArgs,
		SilenceUsage: true,
		RunE: func(*cobra.Command, []string) error {
			return serve(endpoint, record)
		},
	}
	flags := command.Flags()
	flags.StringVar(&endpoint, "listen", "", "unix:///path of the socket")
	flags.StringVar(&record, "record", "", "folder for <pod uid>/<container>.json: what each "+
		"container was created with")
	for _, name := range []string{"listen", "record"} {
		if err := command.MarkFlagRequired(name); err != nil {
			panic(err)
		}
	}
	return command
}

func serve(endpoint, record string) error {
	listener, err := util.CreateListener(endpoint)
	if err != nil {
		return err
	}
	containers := newContainers(record)
	server := grpc.NewServer()
	runtimeapi.RegisterRuntimeServiceServer(server, containers)
	runtimeapi.RegisterImageServiceServer(server, containers)

	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM, syscall.SIGINT)
	go func() {
		<-stop
		server.Stop()
	}()
	if err := server.Serve(listener); !errors.Is(err, grpc.ErrServerStopped) {
		return err
	}
	return nil
}
