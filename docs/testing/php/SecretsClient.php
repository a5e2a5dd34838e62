<?php

declare(strict_types=1);

/** The secret was revealed or burned, or has expired. */
final class SecretGone extends RuntimeException
{
}

/** The secret may be gone: the connection closed before the answer came. Ask the sender for another one. */
final class AnswerLost extends RuntimeException
{
}

/** The code under test: shares and reveals secrets. */
final class SecretsClient
{
    public function __construct(
        private readonly string $url,
        private readonly string $email,
        private readonly string $token,
    ) {
    }

    /** Shares a secret, and returns its key. */
    public function share(array $params): string
    {
        return $this->post('/api/v1/share', $params)['secret_key'];
    }

    public function reveal(string $key): string
    {
        return $this->post("/api/v1/secret/$key", [])['value'];
    }

    private function post(string $path, array $params): array
    {
        $context = stream_context_create(['http' => [
            'method' => 'POST',
            'header' => [
                'Authorization: Basic ' . base64_encode("$this->email:$this->token"),
                'Content-Type: application/x-www-form-urlencoded',
            ],
            'content' => http_build_query($params),
            'ignore_errors' => true,
        ]]);
        $stream = @fopen($this->url . $path, 'r', false, $context);
        if ($stream === false) {
            throw new AnswerLost();
        }
        $status = (int) explode(' ', stream_get_meta_data($stream)['wrapper_data'][0])[1];
        if ($status === 404) {
            throw new SecretGone();
        }
        if ($status !== 200) {
            throw new RuntimeException("$path answered $status");
        }
        return json_decode(stream_get_contents($stream), true, flags: JSON_THROW_ON_ERROR);
    }
}
