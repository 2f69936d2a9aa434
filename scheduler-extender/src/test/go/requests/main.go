// Writes requests as kube-scheduler encodes them: with the types of the module versions in go.mod.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	v1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	extender "k8s.io/kube-scheduler/extender/v1"
)

func pod(namespace, name, uid string) *v1.Pod {
	yes, seconds, policy := true, int64(300), v1.PreemptLowerPriority
	need := v1.ResourceList{
		"nvidia.com/mig-1g.5gb": resource.MustParse("1"),
		v1.ResourceCPU:          resource.MustParse("500m"),
		v1.ResourceMemory:       resource.MustParse("1Gi"),
	}
	when := metav1.Unix(1795303295, 0)
	controller := true
	return &v1.Pod{
		ObjectMeta: metav1.ObjectMeta{
			Name: name, GenerateName: "serve-7c9d8f6b5-", Namespace: namespace, UID: types.UID(uid),
			ResourceVersion: "81234", CreationTimestamp: when,
			Labels:      map[string]string{"app": "serve", "pod-template-hash": "7c9d8f6b5"},
			Annotations: map[string]string{"note": "größer als <1> & \"quoted\"\n\u2028"},
			OwnerReferences: []metav1.OwnerReference{{APIVersion: "apps/v1", Kind: "ReplicaSet",
				Name: "serve-7c9d8f6b5", UID: "0b8c", Controller: &controller, BlockOwnerDeletion: &yes}},
			ManagedFields: []metav1.ManagedFieldsEntry{{Manager: "kube-controller-manager",
				Operation: metav1.ManagedFieldsOperationUpdate, APIVersion: "v1", Time: &when, FieldsType: "FieldsV1",
				FieldsV1: &metav1.FieldsV1{Raw: []byte(`{"f:metadata":{"f:labels":{".":{},"f:app":{}}},"f:spec":{"f:containers":{"k:{\"name\":\"c\"}":{".":{},"f:image":{}}}}}`)}}},
		},
		Spec: v1.PodSpec{
			Containers: []v1.Container{{Name: "c", Image: "example.com/serve:1", Command: []string{"serve"},
				Env:       []v1.EnvVar{{Name: "POD", ValueFrom: &v1.EnvVarSource{FieldRef: &v1.ObjectFieldSelector{FieldPath: "metadata.name"}}}},
				Resources: v1.ResourceRequirements{Limits: need, Requests: need},
				VolumeMounts: []v1.VolumeMount{{Name: "token", ReadOnly: true, MountPath: "/var/run/secrets/kubernetes.io/serviceaccount"}},
				TerminationMessagePath: "/dev/termination-log", ImagePullPolicy: v1.PullIfNotPresent}},
			RestartPolicy: v1.RestartPolicyAlways, DNSPolicy: v1.DNSClusterFirst, ServiceAccountName: "default",
			SecurityContext: &v1.PodSecurityContext{}, SchedulerName: "default-scheduler", PreemptionPolicy: &policy,
			EnableServiceLinks: &yes,
			Tolerations: []v1.Toleration{{Key: "node.kubernetes.io/not-ready", Operator: v1.TolerationOpExists,
				Effect: v1.TaintEffectNoExecute, TolerationSeconds: &seconds}},
			Volumes: []v1.Volume{{Name: "token", VolumeSource: v1.VolumeSource{EmptyDir: &v1.EmptyDirVolumeSource{}}}},
		},
		Status: v1.PodStatus{Phase: v1.PodPending, QOSClass: v1.PodQOSBurstable,
			Conditions: []v1.PodCondition{{Type: v1.PodScheduled, Status: v1.ConditionFalse, Reason: "Unschedulable"}}},
	}
}

func node(name string) v1.Node {
	size := v1.ResourceList{"nvidia.com/mig-1g.5gb": resource.MustParse("2"), v1.ResourceCPU: resource.MustParse("64")}
	return v1.Node{
		ObjectMeta: metav1.ObjectMeta{Name: name, UID: types.UID("node-" + name), ResourceVersion: "7",
			Labels: map[string]string{"kubernetes.io/hostname": name}},
		Spec: v1.NodeSpec{PodCIDR: "10.0.0.0/24"},
		Status: v1.NodeStatus{Capacity: size, Allocatable: size,
			Images: []v1.ContainerImage{{Names: []string{"example.com/serve@sha256:00", "example.com/serve:1"}, SizeBytes: 12345}},
			NodeInfo: v1.NodeSystemInfo{KubeletVersion: "v1.28.0"}},
	}
}

func write(dir, name string, value interface{}) {
	text, err := json.Marshal(value)
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, name+".json"), text, 0o644)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func main() {
	dir := os.Args[1]
	_ = os.MkdirAll(dir, 0o755)
	p := pod("team", "p", "u1")
	names := []string{"a", "c", "b"}
	nodes := &v1.NodeList{Items: []v1.Node{node("c"), node("a")}}
	write(dir, "filter-names", &extender.ExtenderArgs{Pod: p, NodeNames: &names})
	write(dir, "filter-nodes", &extender.ExtenderArgs{Pod: p, Nodes: nodes})
	write(dir, "bind", &extender.ExtenderBindingArgs{PodName: "p", PodNamespace: "team", PodUID: "u1", Node: "b"})
	write(dir, "preempt-meta", &extender.ExtenderPreemptionArgs{Pod: p, NodeNameToMetaVictims: map[string]*extender.MetaVictims{
		"a": {Pods: []*extender.MetaPod{{UID: "v1"}, {UID: "v2"}}, NumPDBViolations: 1},
		"b": {Pods: []*extender.MetaPod{}},
		"c": {Pods: []*extender.MetaPod{{UID: "v3"}}}}})
	write(dir, "preempt-whole", &extender.ExtenderPreemptionArgs{Pod: p, NodeNameToVictims: map[string]*extender.Victims{
		"a": {Pods: []*v1.Pod{pod("team", "v1", "v1"), pod("team", "v2", "v2")}, NumPDBViolations: 1},
		"b": {},
		"c": {Pods: []*v1.Pod{pod("team", "v3", "v3")}}}})
}
