{{/*
The name of the objects: that of the release, with the chart's unless it contains it. Kubernetes creates no pods for a StatefulSet
whose name, such as this one with `-redis`, is longer than 52: https://github.com/kubernetes/kubernetes/issues/64023
*/}}
{{- define "emberlink.fullname" -}}
{{- if contains .Chart.Name .Release.Name -}}
{{ .Release.Name | trunc 46 | trimSuffix "-" }}
{{- else -}}
{{ printf "%s-%s" .Release.Name .Chart.Name | trunc 46 | trimSuffix "-" }}
{{- end -}}
{{- end -}}

{{/* What selects the pods of a component. Argument: (list . "server") */}}
{{- define "emberlink.selector" -}}
app.kubernetes.io/name: emberlink
app.kubernetes.io/instance: {{ (index . 0).Release.Name }}
app.kubernetes.io/component: {{ index . 1 }}
{{- end -}}

{{- define "emberlink.labels" -}}
{{ include "emberlink.selector" . }}
app.kubernetes.io/version: {{ (index . 0).Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ (index . 0).Release.Service }}
helm.sh/chart: {{ printf "emberlink-%s" (index . 0).Chart.Version | replace "+" "_" }}
{{- end -}}

{{/* The name and labels of an object that is called like the release. */}}
{{- define "emberlink.metadata" -}}
name: {{ include "emberlink.fullname" . }}
labels: {{- include "emberlink.labels" (list . "server") | nindent 2 }}
{{- end -}}

{{- define "emberlink.image" -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end -}}

{{- define "emberlink.publicUrl" -}}
{{- if .Values.settings.PUBLIC_URL -}}
{{ .Values.settings.PUBLIC_URL }}
{{- else -}}
https://{{ first .Values.hosts }}
{{- end -}}
{{- end -}}

{{/*
The text of a setting. YAML reads on and off as booleans, and large numbers as floating-point ones. Kubernetes replaces $(NAME) in
a variable by another one, and $$ by $.
*/}}
{{- define "emberlink.text" -}}
{{- if kindIs "bool" . -}}
{{ ternary "on" "off" . }}
{{- else if kindIs "float64" . -}}
{{ int64 . }}
{{- else -}}
{{ . | toString | replace "$" "$$" }}
{{- end -}}
{{- end -}}

{{/* How many servers run at the least. */}}
{{- define "emberlink.servers" -}}
{{- if eq .Values.store.kind "embedded" -}}
1
{{- else if .Values.autoscaling.enabled -}}
{{ .Values.autoscaling.minReplicas }}
{{- else -}}
{{ .Values.replicas | default 2 }}
{{- end -}}
{{- end -}}

{{/* The secret settings that the server is given, as a list of names separated by blanks. */}}
{{- define "emberlink.secretNames" -}}
{{- $given := concat (ternary .Values.secrets.names list (ne .Values.secrets.existing "")) (keys .Values.secrets.values) -}}
{{- $own := ternary (list "REDIS_URL") list (eq .Values.store.kind "bundled") -}}
{{- concat $given $own (list "ROOT_KEY") | uniq | sortAlpha | join " " -}}
{{- end -}}

{{- define "emberlink.generatesRootKey" -}}
{{- $named := and .Values.secrets.existing (has "ROOT_KEY" .Values.secrets.names) -}}
{{- if not (or $named (hasKey .Values.secrets.values "ROOT_KEY")) }}yes{{ end -}}
{{- end -}}

{{/* Not empty if an object in the cluster, or none, belongs to the release. Argument: (list . $object) */}}
{{- define "emberlink.owns" -}}
{{- if eq (dig "metadata" "annotations" "meta.helm.sh/release-name" "" (index . 1)) (index . 0).Release.Name }}yes{{ end -}}
{{- end -}}

{{- define "emberlink.redisSecret" -}}
{{ .Values.store.redis.existingSecret | default (printf "%s-redis" (include "emberlink.fullname" .)) }}
{{- end -}}

{{/* The security context of a pod. Argument: (list . user) */}}
{{- define "emberlink.podSecurity" -}}
runAsNonRoot: true
{{- if not (index . 0).Values.arbitraryUser }}
runAsUser: {{ index . 1 }}
runAsGroup: {{ index . 1 }}
fsGroup: {{ index . 1 }}
fsGroupChangePolicy: OnRootMismatch
{{- end }}
seccompProfile: { type: RuntimeDefault }
{{- end -}}

{{- define "emberlink.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: { drop: [ALL] }
{{- end -}}
