using System.Net;
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
    public async Task A_name_that_resolves_to_a_private_address_is_not_connected_to()
    {
        using var http = new SafeHttp(Options.Create(new SafeHttpOptions { AllowHttp = true }));
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://{Dns.GetHostName()}/");

        var failure = await Should.ThrowAsync<HttpRequestException>(() => http.SendAsync(request, CancellationToken.None));

        failure.ToString().ShouldContain("address_blocked");
    }
}
