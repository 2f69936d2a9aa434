// Package credentials makes what the programs of a control plane need to trust each other: one
// CA, serving certificates, the service accounts' signing key, tokens and kubeconfigs. Everything
// is made anew for each run and is worth nothing outside the loopback interface.
package credentials

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"k8s.io/client-go/tools/clientcmd"
	clientcmdapi "k8s.io/client-go/tools/clientcmd/api"
)

// account is a user of the API server by static token.
type account struct {
	file   string
	user   string
	groups []string
}

// NewCommand writes into --dir: ca.crt, <name>.crt and <name>.key of each certificate,
// service-accounts.key and .pub, tokens.csv and <account>.kubeconfig.
func NewCommand() *cobra.Command {
	var dir, server string
	var nodes, serving []string
	command := &cobra.Command{
		Use:          "credentials",
		Short:        "Write certificates, tokens and kubeconfigs for a control plane on loopback",
		Args:         cobra.NoArgs,
		SilenceUsage: true,
		RunE: func(*cobra.Command, []string) error {
			return write(dir, server, nodes, serving)
		},
	}
	flags := command.Flags()
	flags.StringVar(&dir, "dir", "", "folder to write into; made if missing")
	flags.StringVar(&server, "server", "", "URL of the API server, https://127.0.0.1:PORT")
	flags.StringSliceVar(&nodes, "node", nil, "name of a node that gets a kubeconfig")
	flags.StringArrayVar(&serving, "serving", nil,
		"a further serving certificate, NAME=HOST[,HOST...] (DNS names or IP addresses)")
	for _, name := range []string{"dir", "server"} {
		if err := command.MarkFlagRequired(name); err != nil {
			panic(err)
		}
	}
	return command
}

func write(dir, server string, nodes, serving []string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	authority, err := newAuthority(dir)
	if err != nil {
		return err
	}
	names := []string{"localhost", "127.0.0.1", "kubernetes", "kubernetes.default",
		"kubernetes.default.svc", "10.96.0.1"}
	if err := authority.issue(dir, "kube-apiserver", names); err != nil {
		return err
	}
	for _, spec := range serving {
		name, hosts, found := strings.Cut(spec, "=")
		if !found || name == "" || hosts == "" {
			return fmt.Errorf("--serving %q: want NAME=HOST[,HOST...]", spec)
		}
		if err := authority.issue(dir, name, strings.Split(hosts, ",")); err != nil {
			return err
		}
	}
	if err := writeSigningKey(dir); err != nil {
		return err
	}
	return writeAccounts(dir, server, authority.certificate, accounts(nodes))
}

func accounts(nodes []string) []account {
	all := []account{
		{"admin", "admin", []string{"system:masters"}},
		{"kube-scheduler", "system:kube-scheduler", nil},
		{"kube-controller-manager", "system:kube-controller-manager", nil},
	}
	for _, node := range nodes {
		all = append(all, account{"node-" + node, "system:node:" + node, []string{"system:nodes"}})
	}
	return all
}

func writeAccounts(dir, server string, ca []byte, all []account) error {
	var tokens strings.Builder
	for _, a := range all {
		token, err := randomToken()
		if err != nil {
			return err
		}
		fmt.Fprintf(&tokens, "%s,%s,%s", token, a.user, a.file)
		if len(a.groups) > 0 {
			fmt.Fprintf(&tokens, ",%q", strings.Join(a.groups, ","))
		}
		tokens.WriteString("\n")
		path := filepath.Join(dir, a.file+".kubeconfig")
		if err := clientcmd.WriteToFile(kubeconfig(server, ca, a.user, token), path); err != nil {
			return err
		}
	}
	return os.WriteFile(filepath.Join(dir, "tokens.csv"), []byte(tokens.String()), 0o600)
}

func kubeconfig(server string, ca []byte, user, token string) clientcmdapi.Config {
	config := clientcmdapi.NewConfig()
	config.Clusters["e2e"] = &clientcmdapi.Cluster{Server: server, CertificateAuthorityData: ca}
	config.AuthInfos[user] = &clientcmdapi.AuthInfo{Token: token}
	config.Contexts["e2e"] = &clientcmdapi.Context{Cluster: "e2e", AuthInfo: user}
	config.CurrentContext = "e2e"
	return *config
}
