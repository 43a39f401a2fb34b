using System.Net;
using Millrace.Mail.Dns;
using Millrace.TestKit;

namespace Millrace.Messaging.Tests.Senders;

public sealed class DnsClientTests
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(300);

    [Fact]
    public async Task Records_are_read_as_text_along_aliases_and_by_preference()
    {
        await using var server = DnsServer.Start();
        server.Forges = true;
        server.With("t.example", "TXT", "v=spf1 -all", new string('k', 600)).With("m.example", "MX", "20 b.example", "10 A.example")
            .With("www.example", "CNAME", "Host.Example").With("host.example", "A", "192.0.2.7");
        var dns = new DnsClient([server.EndPoint], TimeSpan.FromSeconds(5));

        (await dns.LookUpAsync("T.example.", DnsType.Txt, TestContext.Current.CancellationToken)).Values.ShouldBe(["v=spf1 -all", new string('k', 600)]);
        (await dns.LookUpAsync("m.example", DnsType.Mx, TestContext.Current.CancellationToken)).Values.ShouldBe(["a.example", "b.example"]);
        var address = await dns.LookUpAsync("www.example", DnsType.A, TestContext.Current.CancellationToken);
        (address.Values.Single(), address.Aliases.Single()).ShouldBe(("192.0.2.7", "host.example"));
    }

    [Fact]
    public async Task What_is_not_there_is_told_from_what_nobody_says()
    {
        await using var server = DnsServer.Start();
        server.With("t.example", "TXT", "x").Silent("mute.example");
        var dns = new DnsClient([server.EndPoint], Short);

        (await dns.LookUpAsync("t.example", DnsType.Mx, TestContext.Current.CancellationToken)).Status.ShouldBe(DnsStatus.NoData);
        (await dns.LookUpAsync("no.example", DnsType.Txt, TestContext.Current.CancellationToken)).Status.ShouldBe(DnsStatus.NameError);
        (await dns.LookUpAsync("mute.example", DnsType.Txt, TestContext.Current.CancellationToken)).Status.ShouldBe(DnsStatus.Unanswered);
        (await dns.LookUpAsync("bad..name", DnsType.Txt, TestContext.Current.CancellationToken)).Status.ShouldBe(DnsStatus.NameError);
    }

    [Fact]
    public async Task A_cut_answer_is_asked_for_again_over_tcp_and_a_dead_server_passed_over()
    {
        await using var server = DnsServer.Start();
        var long1 = new string('a', 2_000);
        server.With("long.example", "TXT", long1);
        var dns = new DnsClient([new IPEndPoint(IPAddress.Loopback, 9), server.EndPoint], TimeSpan.FromSeconds(2));

        (await dns.LookUpAsync("long.example", DnsType.Txt, TestContext.Current.CancellationToken)).Values.ShouldBe([long1]);
        server.OverTcp.ShouldBe(1);
    }
}
