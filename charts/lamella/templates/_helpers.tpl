{{- define "lamella.name" -}}
{{ default .Release.Name .Values.nameOverride | trunc 40 | trimSuffix "-" }}
{{- end -}}

{{- define "lamella.devicePlugin" -}}
{{ default (printf "%s-device-plugin" (include "lamella.name" .)) .Values.devicePlugin.serviceAccount.name }}
{{- end -}}

{{- define "lamella.schedulerExtender" -}}
{{ default (printf "%s-scheduler-extender" (include "lamella.name" .)) .Values.schedulerExtender.serviceAccount.name }}
{{- end -}}

{{/* Labels of one part: (list $ "device-plugin"). */}}
{{- define "lamella.labels" -}}
{{- $root := index . 0 -}}
{{ include "lamella.selector" . }}
app.kubernetes.io/version: {{ $root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ $root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" $root.Chart.Name $root.Chart.Version | replace "+" "_" }}
{{- with $root.Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* What never changes of them, so that selectors survive an upgrade: (list $ "device-plugin"). */}}
{{- define "lamella.selector" -}}
{{- $root := index . 0 -}}
app.kubernetes.io/name: lamella
app.kubernetes.io/instance: {{ $root.Release.Name }}
app.kubernetes.io/component: {{ index . 1 }}
{{- end -}}

{{/* Name, namespace, labels and annotations: (list $ component suffix [more labels]). */}}
{{- define "lamella.metadata" -}}
namespace: {{ (index . 0).Release.Namespace }}
{{ include "lamella.clusterMetadata" . }}
{{- end -}}

{{/* The same of what has no namespace, or another. */}}
{{- define "lamella.clusterMetadata" -}}
{{- $root := index . 0 -}}
name: {{ include "lamella.name" $root }}-{{ index . 2 }}
labels:
  {{- include "lamella.labels" (list $root (index . 1)) | nindent 2 }}
  {{- if gt (len .) 3 }}
  {{- with index . 3 }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
  {{- end }}
{{- with $root.Values.commonAnnotations }}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{/* Reference of an image: (list $ values tag). */}}
{{- define "lamella.image" -}}
{{- $root := index . 0 -}}
{{- $image := index . 1 -}}
{{- with default $root.Values.image.registry $image.registry }}{{ trimSuffix "/" . }}/{{ end -}}
{{ $image.repository }}
{{- if $image.digest }}@{{ $image.digest }}{{ else }}:{{ default (index . 2) $image.tag }}{{ end -}}
{{- end -}}

{{/* Labels and annotations of a pod: (list $ component values). */}}
{{- define "lamella.podLabels" -}}
{{- include "lamella.selector" . }}
{{- with merge (dict) (index . 2).podLabels (index . 0).Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* Where a pod may run and what it is worth: (list $ values). */}}
{{- define "lamella.scheduling" -}}
{{- $root := index . 0 -}}
{{- $values := index . 1 -}}
{{- with $values.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- with $root.Values.image.pullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $values.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $values.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{/* What "restricted" asks of a container. */}}
{{- define "lamella.restricted" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
runAsNonRoot: true
runAsUser: 65532
runAsGroup: 65532
capabilities:
  drop: [ALL]
seccompProfile:
  type: RuntimeDefault
{{- end -}}

{{/* One replica on each node, then in each zone: (list $ component whenUnsatisfiable). */}}
{{- define "lamella.spread" -}}
{{- $list := . }}
{{- range $key := list "kubernetes.io/hostname" "topology.kubernetes.io/zone" }}
- topologyKey: {{ $key }}
  maxSkew: 1
  whenUnsatisfiable: {{ index $list 2 }}
  labelSelector:
    matchLabels:
      {{- include "lamella.selector" $list | nindent 6 }}
  # Of one generation: an update would count the old replicas, too.
  matchLabelKeys: [pod-template-hash]
{{- end }}
{{- end -}}
