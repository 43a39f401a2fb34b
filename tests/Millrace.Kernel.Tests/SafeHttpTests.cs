using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Options;
using Millrace.Kernel.Security.Http;

namespace Millrace.Kernel.Tests;

public sealed class SafeHttpTests
{
    [Theory]
    [InlineData("http://127.0.0.1")]
    [InlineData("http://2130706433")]
    [InlineData("http://0x7f.1")]
    [InlineData("http://①②⑦.⓪.⓪.①")]
    [InlineData("http://[::ffff:127.0.0.1]")]
    [InlineData("http://[64:ff9b::7f00:1]")]
    [InlineData("http://169.254.169.254/")]
    [InlineData("http://localhost.")]
    [InlineData("http:\\\\127.0.0.1")]
    [InlineData("//127.0.0.1")]
    [InlineData("file:///etc/passwd")]
    [InlineData("gopher://x")]
    [InlineData("https://user@host")]
    [InlineData("https://example.com:25/")]
    [InlineData("http://example.com:5432/")]
    public void A_url_that_leads_inside_or_elsewhere_is_refused_even_when_http_is_allowed(string url)
    {
        using var http = new SafeHttp(Options.Create(new SafeHttpOptions { AllowHttp = true }));

        http.Reason(url).ShouldNotBeNull();
    }

    [Theory]
    [InlineData("https://example.com/hook?a=b")]
    [InlineData("https://example.com:8443/hook")]
    [InlineData("https://8.8.8.8/")]
    public void A_public_https_url_is_taken(string url)
    {
        using var http = new SafeHttp(Options.Create(new SafeHttpOptions()));

        http.Reason(url).ShouldBeNull();
    }

    [Theory]
    [InlineData("10.1.2.3")]
    [InlineData("::1")]
    [InlineData("::ffff:10.0.0.1")]
    [InlineData("2002:7f00:1::")]
    [InlineData("64:ff9b::a00:1")]
    [InlineData("fd00::1")]
    [InlineData("::127.0.0.1")]
    public void Private_addresses_are_seen_through_every_disguise(string address) => AddressRules.IsPublic(IPAddress.Parse(address)).ShouldBeFalse();

    [Fact]
    public void The_operator_may_allow_one_private_address_and_port()
    {
        var options = new SafeHttpOptions { AllowHttp = true };
        options.Allowed.Add("127.0.0.1:9000");
        using var http = new SafeHttp(Options.Create(options));

        http.Reason("http://127.0.0.1:9000/hook").ShouldBeNull();
        http.Reason("http://127.0.0.1:9001/hook").ShouldNotBeNull();
        http.Reason("http://127.0.0.2:9000/hook").ShouldNotBeNull();
    }

    [Fact]
    public async Task A_redirect_is_an_answer_and_not_followed() // 75
    {
        using var trap = new Trap(_ => Encoding.ASCII.GetBytes("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"));
        using var http = trap.Client();

        using var answer = await http.SendAsync(new HttpRequestMessage(HttpMethod.Get, trap.Url), CancellationToken.None);

        answer.StatusCode.ShouldBe(HttpStatusCode.Found);
    }

    [Fact]
    public async Task Of_an_endless_body_only_the_beginning_is_read() // 76
    {
        using var trap = new Trap(n => Encoding.ASCII.GetBytes(n == 0 ? "HTTP/1.1 200 OK\r\n\r\n" : new string('x', 4_096)), pieces: int.MaxValue);
        using var http = trap.Client();

        using var answer = await http.SendAsync(new HttpRequestMessage(HttpMethod.Get, trap.Url), CancellationToken.None);

        (await SafeHttp.ReadTextAsync(answer, 1_024, CancellationToken.None)).Length.ShouldBe(1_024);
    }

    [Fact]
    public async Task A_compressed_body_is_not_unpacked() // 77
    {
        using var trap = new Trap(_ => Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc"));
        using var http = trap.Client();

        using var answer = await http.SendAsync(new HttpRequestMessage(HttpMethod.Get, trap.Url), CancellationToken.None);

        (await SafeHttp.ReadTextAsync(answer, 1_024, CancellationToken.None)).ShouldBe("abc");
    }

    [Fact]
    public async Task A_body_that_drips_ends_with_the_callers_patience() // 78
    {
        using var trap = new Trap(n => Encoding.ASCII.GetBytes(n == 0 ? "HTTP/1.1 200 OK\r\n\r\n" : "x"), pieces: int.MaxValue, pause: TimeSpan.FromMilliseconds(50));
        using var http = trap.Client();
        using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(500));

        using var answer = await http.SendAsync(new HttpRequestMessage(HttpMethod.Get, trap.Url), patience.Token);

        await Should.ThrowAsync<OperationCanceledException>(() => SafeHttp.ReadTextAsync(answer, 1_024, patience.Token));
    }

    /// <summary>Answers one request with the pieces it was given, however odd they are.</summary>
    private sealed class Trap : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

        public Trap(Func<int, byte[]> piece, int pieces = 1, TimeSpan pause = default)
        {
            _listener.Start();
            _ = AnswerAsync(piece, pieces, pause);
        }

        public string Url => $"http://{_listener.LocalEndpoint}/";

        public SafeHttp Client()
        {
            var options = new SafeHttpOptions { AllowHttp = true };
            options.Allowed.Add(_listener.LocalEndpoint.ToString()!);
            return new SafeHttp(Options.Create(options));
        }

        public void Dispose() => _listener.Dispose();

        private async Task AnswerAsync(Func<int, byte[]> piece, int pieces, TimeSpan pause)
        {
            try
            {
                using var client = await _listener.AcceptTcpClientAsync();
                var stream = client.GetStream();
                await stream.ReadAtLeastAsync(new byte[4_096], 1);
                for (var i = 0; i < pieces; i++)
                {
                    await stream.WriteAsync(piece(i));
                    await Task.Delay(pause);
                }
            }
            catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
            {
                // Whoever asked has hung up.
            }
        }
    }

    [Fact]
    public async Task A_name_that_resolves_to_a_private_address_is_not_connected_to()
    {
        using var http = new SafeHttp(Options.Create(new SafeHttpOptions { AllowHttp = true }));
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://{Dns.GetHostName()}/");

        var failure = await Should.ThrowAsync<HttpRequestException>(() => http.SendAsync(request, CancellationToken.None));

        failure.ToString().ShouldContain("address_blocked");
    }
}
