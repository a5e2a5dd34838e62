{{/* The environment of a server. */}}
{{- define "emberlink.env" -}}
- { name: PUBLIC_URL, value: {{ include "emberlink.publicUrl" . | quote }} }
{{- range $name, $value := omit .Values.settings "PUBLIC_URL" }}
- { name: {{ $name }}, value: {{ include "emberlink.text" $value | quote }} }
{{- end }}
- { name: BIND, value: {{ .Values.bind | quote }} }
- { name: PORT, value: "3000" }
- { name: DATA_DIR, value: /data }
{{- if .Values.metrics.enabled }}
- { name: METRICS, value: {{ printf (ternary "[%s]:%v" "%s:%v" (contains ":" .Values.bind)) .Values.bind .Values.metrics.port | quote }} }
{{- end }}
{{- range splitList " " (include "emberlink.secretNames" .) }}
- { name: {{ . }}_FILE, value: {{ printf "/secrets/%s" (lower .) }} }
{{- end }}
{{- with .Values.extraEnv }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* The files of the secret settings, from up to four Secrets. */}}
{{- define "emberlink.secretSources" -}}
{{- $fullname := include "emberlink.fullname" . -}}
{{- if and .Values.secrets.existing .Values.secrets.names }}
- secret:
    name: {{ .Values.secrets.existing }}
    items:
      {{- range .Values.secrets.names }}
      - { key: {{ lower . }}, path: {{ lower . }} }
      {{- end }}
{{- end }}
{{- if .Values.secrets.values }}
- secret: { name: {{ $fullname }}-settings }
{{- end }}
{{- if include "emberlink.generatesRootKey" . }}
- secret: { name: {{ $fullname }}-root-key }
{{- end }}
{{- if eq .Values.store.kind "bundled" }}
- secret: { name: {{ include "emberlink.redisSecret" . }}, items: [{ key: redis_url, path: redis_url }] }
{{- end }}
{{- end -}}

{{- define "emberlink.volumes" -}}
- name: secrets
  projected:
    defaultMode: 288 # 0440
    sources: {{- include "emberlink.secretSources" . | trim | nindent 6 }}
{{- with .Values.extraVolumes }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "emberlink.volumeMounts" -}}
- { name: secrets, mountPath: /secrets, readOnly: true }
{{- with .Values.extraVolumeMounts }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* What places a pod and lets it pull its image. */}}
{{- define "emberlink.placement" -}}
{{- with .Values.image.pullSecrets }}
imagePullSecrets: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.serviceAccountName }}
serviceAccountName: {{ . }}
{{- end }}
{{- with .Values.nodeSelector }}
nodeSelector: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.tolerations }}
tolerations: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.affinity }}
affinity: {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}
