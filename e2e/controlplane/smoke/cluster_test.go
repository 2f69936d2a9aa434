package smoke

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"
)

const nodeName = "gpu-a"

// cluster is one control plane and one node, on loopback.
type cluster struct {
	t       *testing.T // whose end is the processes' end
	dir     string
	node    string // what the kubelet knows as /var/lib/kubelet
	client  kubernetes.Interface
	kubelet *process
	all     []*process
}

func newCluster(t *testing.T) *cluster {
	c := &cluster{t: t, dir: t.TempDir()}
	c.node = filepath.Join(c.dir, nodeName)
	etcd, api := freePort(t), freePort(t)
	c.issueCredentials(api)
	// Cleanups run backwards: the API server must end before its etcd, or it waits for it.
	c.startEtcd(etcd)
	server := c.startAPIServer(etcd, api)
	c.client = c.connect()
	eventually(t, "kube-apiserver ready", func() error {
		return errors.Join(server.alive(), c.get("/readyz"))
	})
	c.startControllers()
	c.startScheduler()
	c.startRuntime()
	c.startKubelet()
	eventually(t, "node ready and untainted", c.nodeReady)
	return c
}

func (c *cluster) run(name string, arguments ...string) *process {
	c.t.Helper()
	p := launch(c.t, c.dir, name, arguments...)
	c.all = append(c.all, p)
	return p
}

func (c *cluster) pki(file string) string { return filepath.Join(c.dir, "pki", file) }

func (c *cluster) issueCredentials(port int) {
	out, err := exec.Command(c.binary(), "credentials", "--dir", c.pki(""),
		"--server", fmt.Sprintf("https://127.0.0.1:%d", port), "--node", nodeName).CombinedOutput()
	if err != nil {
		c.t.Fatalf("credentials: %v\n%s", err, out)
	}
}

func (c *cluster) startEtcd(port int) *process {
	client := fmt.Sprintf("http://127.0.0.1:%d", port)
	peer := fmt.Sprintf("http://127.0.0.1:%d", freePort(c.t))
	return c.run("etcd", c.binary(), "etcd", "--name=e2e",
		"--data-dir="+filepath.Join(c.dir, "etcd"),
		"--listen-client-urls="+client, "--advertise-client-urls="+client,
		"--listen-peer-urls="+peer, "--initial-advertise-peer-urls="+peer,
		"--initial-cluster=e2e="+peer, "--unsafe-no-fsync", "--log-level=warn")
}

func (c *cluster) startAPIServer(etcd, port int) *process {
	return c.run("kube-apiserver", c.binary(), "kube-apiserver",
		fmt.Sprintf("--etcd-servers=http://127.0.0.1:%d", etcd),
		"--bind-address=127.0.0.1", fmt.Sprintf("--secure-port=%d", port),
		"--advertise-address=192.0.2.1", // loopback is refused here, and nobody dials this one
		"--tls-cert-file="+c.pki("kube-apiserver.crt"),
		"--tls-private-key-file="+c.pki("kube-apiserver.key"),
		"--service-cluster-ip-range=10.96.0.0/16",
		"--service-account-issuer=https://kubernetes.default.svc",
		"--service-account-key-file="+c.pki("service-accounts.pub"),
		"--service-account-signing-key-file="+c.pki("service-accounts.key"),
		"--token-auth-file="+c.pki("tokens.csv"), "--authorization-mode=Node,RBAC",
		"--enable-admission-plugins=NodeRestriction")
}

func (c *cluster) startControllers() *process {
	return c.run("kube-controller-manager", c.binary(), "kube-controller-manager",
		"--kubeconfig="+c.pki("kube-controller-manager.kubeconfig"), "--leader-elect=false",
		"--use-service-account-credentials", "--root-ca-file="+c.pki("ca.crt"),
		"--service-account-private-key-file="+c.pki("service-accounts.key"),
		"--secure-port=0", "--node-monitor-period=1s")
}

func (c *cluster) startScheduler() *process {
	config := c.pki("kube-scheduler.kubeconfig")
	return c.run("kube-scheduler", c.binary(), "kube-scheduler", "--kubeconfig="+config,
		"--authentication-kubeconfig="+config, "--authorization-kubeconfig="+config,
		"--leader-elect=false", "--secure-port=0")
}

func (c *cluster) startRuntime() *process {
	return c.run("runtime", inModule("in-node.sh"), c.node, c.binary(), "fake-runtime",
		"--listen=unix:///var/lib/kubelet/runtime.sock", "--record=/var/lib/kubelet/containers")
}

func (c *cluster) startKubelet() {
	c.kubelet = c.run("kubelet", inModule("in-node.sh"), c.node, c.binary(), "kubelet",
		"--config="+inModule("kubelet.yaml"), "--kubeconfig="+c.pki("node-"+nodeName+".kubeconfig"),
		"--hostname-override="+nodeName, "--v=2")
}

func (c *cluster) connect() kubernetes.Interface {
	config, err := clientcmd.BuildConfigFromFlags("", c.pki("admin.kubeconfig"))
	if err != nil {
		c.t.Fatal(err)
	}
	config.QPS = -1
	return kubernetes.NewForConfigOrDie(config)
}

func (c *cluster) get(path string) error {
	return c.client.Discovery().RESTClient().Get().AbsPath(path).Do(context.Background()).Error()
}

func (c *cluster) nodeReady() error {
	node, err := c.client.CoreV1().Nodes().Get(context.Background(), nodeName, metav1.GetOptions{})
	if err != nil {
		return errors.Join(err, c.kubelet.alive())
	}
	for _, condition := range node.Status.Conditions {
		if condition.Type == corev1.NodeReady && condition.Status == corev1.ConditionTrue &&
			len(node.Spec.Taints) == 0 {
			return nil
		}
	}
	return fmt.Errorf("conditions %v, taints %v", node.Status.Conditions, node.Spec.Taints)
}

func inModule(file string) string {
	path, err := filepath.Abs(filepath.Join("..", file))
	if err != nil {
		panic(err)
	}
	return path
}

func (c *cluster) binary() string {
	path := inModule("bin/controlplane")
	if _, err := os.Stat(path); err != nil {
		c.t.Fatalf("%v: run build.sh first", err)
	}
	return path
}

func freePort(t *testing.T) int {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().(*net.TCPAddr).Port
}
