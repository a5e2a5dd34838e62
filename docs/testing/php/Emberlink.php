<?php

declare(strict_types=1);

/** Emberlink as a child process, started once for all tests. */
final class Emberlink
{
    public const EMAIL = 'ana@example.com';
    public const TOKEN = '0123456789abcdef';

    public readonly string $url;
    private readonly array $control;
    /** @var resource */
    private $process;
    /** @var array<int, resource> */
    private array $pipes = [];

    public static function instance(): self
    {
        static $instance;
        return $instance ??= new self();
    }

    private function __construct()
    {
        $command = explode(' ', getenv('EMBERLINK') ?: 'npx emberlink');
        array_push($command, 'serve', '--ephemeral', '--account', self::EMAIL . ':' . self::TOKEN);
        // The server stops when its standard input closes: in stop, or when PHP dies.
        $this->process = proc_open($command, [['pipe', 'r'], ['pipe', 'w'], STDERR], $this->pipes);
        $ready = json_decode(fgets($this->pipes[1]), true, flags: JSON_THROW_ON_ERROR);
        $this->url = $ready['url'];
        $this->control = $ready['control'];
        register_shutdown_function($this->stop(...));
    }

    /** Calls the control API. */
    public function control(string $method, string $path, string $body = ''): array
    {
        $context = stream_context_create(['http' => [
            'method' => $method,
            'header' => ["Authorization: Bearer {$this->control['token']}", 'Content-Type: application/json'],
            'content' => $body,
        ]]);
        $answer = file_get_contents($this->control['url'] . $path, false, $context);
        return json_decode($answer, true, flags: JSON_THROW_ON_ERROR);
    }

    private function stop(): void
    {
        fclose($this->pipes[0]);
        proc_close($this->process);
    }
}
