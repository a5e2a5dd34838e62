<?php

declare(strict_types=1);

use PHPUnit\Framework\TestCase;

final class SecretsClientTest extends TestCase
{
    private Emberlink $emberlink;
    private SecretsClient $client;

    protected function setUp(): void
    {
        $this->emberlink = Emberlink::instance();
        $this->emberlink->control('POST', '/reset');
        $this->client = new SecretsClient($this->emberlink->url, Emberlink::EMAIL, Emberlink::TOKEN);
    }

    public function testRevealsASecretOnce(): void
    {
        $key = $this->client->share(['secret' => 'tulip', 'ttl' => 3600]);
        self::assertSame('tulip', $this->client->reveal($key));
        $this->expectException(SecretGone::class);
        $this->client->reveal($key);
    }

    public function testKnowsAnExpiredSecret(): void
    {
        $key = $this->client->share(['secret' => 'tulip', 'ttl' => 3600]);
        $this->emberlink->control('POST', '/clock', '{"advance": 3601}');
        $this->expectException(SecretGone::class);
        $this->client->reveal($key);
    }

    public function testEmailsTheLink(): void
    {
        $key = $this->client->share(['secret' => 'tulip', 'recipient' => 'bo@example.com']);
        [$email] = $this->emberlink->control('GET', '/emails')['emails'];
        self::assertSame('bo@example.com', $email['to']);
        self::assertSame("{$this->emberlink->url}/secret/$key", $email['link']);
    }

    public function testDoesNotTakeALostAnswerForASecretThatIsLeft(): void
    {
        $key = $this->client->share(['secret' => 'tulip']);
        $this->emberlink->control('POST', '/faults', '{"fault": "cut-after", "operation": "reveal"}');
        try {
            $this->client->reveal($key);
            self::fail('it was revealed');
        } catch (AnswerLost) {
            $this->expectException(SecretGone::class);
            $this->client->reveal($key);
        }
    }

    public function testStartsWithoutTheEmailsOfOtherTests(): void
    {
        self::assertSame([], $this->emberlink->control('GET', '/emails')['emails']);
    }
}
