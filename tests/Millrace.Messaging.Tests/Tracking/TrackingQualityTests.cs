using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Millrace.Kernel.Data;
using Millrace.Messaging.Campaigns;
using Millrace.Messaging.Links;
using Millrace.Messaging.Tests.Sending;
using Millrace.Messaging.Tracking.Quality;
using Millrace.TestKit;

namespace Millrace.Messaging.Tests.Tracking;

/// <summary>What looks like a machine is marked, always; whether it counts is the account's choice, from then on.</summary>
public sealed class TrackingQualityTests(TrackingQualityTests.NetworkProduct product) : IClassFixture<TrackingQualityTests.NetworkProduct>
{
    /// <summary>A file says that machines live in 198.51.100.0/24.</summary>
    public sealed class NetworkProduct : MailProduct
    {
        private readonly string _file = Path.GetTempFileName();

        protected override IEnumerable<KeyValuePair<string, string?>> Settings => [.. base.Settings, new("Millrace:Tracking:MachineNetworks", _file)];

        public override async ValueTask InitializeAsync()
        {
            await File.WriteAllTextAsync(_file, "# ours\n198.51.100.0/24  # a filter\n\n2001:db8:1::/48\n");
            await base.InitializeAsync();
        }

        public override async ValueTask DisposeAsync()
        {
            await base.DisposeAsync();
            File.Delete(_file);
        }
    }

    private const string Person = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/130.0 Safari/537.36";
    private readonly HttpClient _reader = new(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = product.Address };

    [Fact]
    public async Task Machines_are_marked_and_count_until_the_account_filters_them()
    {
        var (account, contact, html) = await SentAsync();
        await GetAsync(html, "c", "curl/8.5");
        await account.FilterMachinesAsync();
        await GetAsync(html, "c", "curl/8.5");
        await account.FilterMachinesAsync(false);
        await GetAsync(html, "c", Person);

        (await MarksAsync(account, contact, "email.clicked")).ShouldBe(["counts scanner", "scanner -", "counts -"]);
        (await CountAsync(account, """{"activity":"email.clicked","times":{"exactly":2}}""")).ShouldBe(1, "conditions count what counted when it happened");
        (await CountAsync(account, """{"activity":"email.clicked","suspect":"scanner"}""")).ShouldBe(1);
        (await MarksAsync(account, contact, "email.opened")).ShouldBe(["counts scanner"], "its click was the first open");
    }

    [Fact]
    public async Task What_follows_the_hidden_link_is_a_machine_for_a_minute_and_the_link_is_none_of_the_mails()
    {
        var (account, contact, html) = await SentAsync();
        html.ShouldContain("aria-hidden=\"true\"><a href=\"https://mail.example.test/l/");
        html.IndexOf("/l/", StringComparison.Ordinal).ShouldBeLessThan(html.IndexOf("/c/", StringComparison.Ordinal), "machines meet it first");
        product.Mail(Address(account)).TextBody.ShouldNotBeNull().ShouldNotContain("/l/");

        await account.FilterMachinesAsync();
        await GetAsync(html, "l", Person, expect: HttpStatusCode.OK);
        await GetAsync(html, "c", Person);
        await product.AdvanceAsync(TimeSpan.FromMinutes(2));
        await GetAsync(html, "c", Person);

        (await MarksAsync(account, contact, "email.clicked")).ShouldBe(["hidden_link -", "counts -"]);
        await using var work = await account.BeginAsync();
        (await Sql.Of($"select count(*) from messaging.link where account_id = {account.Id}").FirstAsync<long>(work, CancellationToken.None)).ShouldBe(1);
    }

    [Fact]
    public async Task Networks_of_machines_are_known()
    {
        var (account, contact, html) = await SentAsync();
        await account.FilterMachinesAsync();
        foreach (var from in new[] { "198.51.100.77", "198.51.101.1", "2001:db8:1:2::3", "209.222.82.4" })
        {
            await GetAsync(html, "c", Person, from);
        }

        (await MarksAsync(account, contact, "email.clicked")).ShouldBe(["known_network -", "counts -", "known_network -", "known_network -"]);
        Should.Throw<FormatException>(() => MachineNetworks.Read(WithText("10.0.0.0/33")));
        MachineNetworks.Read(WithText("10.0.0.0/8\n10.1.0.0/16")).ShouldBe(MachineNetworks.Read(WithText("10.0.0.0/8")), "one within another adds nothing");
    }

    [Fact]
    public async Task Opens_for_privacy_never_count_as_the_contacts_whatever_the_switch_says()
    {
        var (account, contact, html) = await SentAsync();
        await GetAsync(html, "o", "Mozilla/5.0");

        (await MarksAsync(account, contact, "email.opened")).ShouldBe(["privacy -"]);
        (await CountAsync(account, """{"activity":"email.opened"}""")).ShouldBe(0);
    }

    [Fact]
    public async Task Only_an_admin_changes_the_switch_and_what_is_wrong_is_named()
    {
        var account = await product.NewAccountAsync();
        var none = await account.GetAsync("mail-tracking");
        ((bool)none["filter_machines"]!, none["utm"]).ShouldBe((false, null));
        using var bad = await account.App.PutAsync(new Uri("mail-tracking", UriKind.Relative), new StringContent(
            """{"filter_machines":true,"utm":{"source":"x","medium":"email","campaign":"","term":"","content":"","domains":["not a domain"]}}""", System.Text.Encoding.UTF8, "application/json"), TestContext.Current.CancellationToken);
        bad.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await bad.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain("/utm/domains/0");
    }

    [Fact]
    public async Task Links_of_chosen_domains_get_the_parameters_they_lack_and_the_log_keeps_the_link_as_written()
    {
        var account = await product.NewAccountAsync();
        await account.PutAsync("mail-tracking", new
        {
            filter_machines = false,
            utm = new { source = "news letter", medium = "email", campaign = "", term = "", content = "Über", domains = new[] { "a.example" } },
        });
        var contact = await account.AddContactAsync(Address(account));
        await account.QueueAsync([contact], Mailing.Content(
            "<a href=\"https://shop.a.example/x?utm_medium=own#top\">1</a><a href=\"https://b.example/\">2</a>", "Spring"));
        await account.DispatchedAsync();
        await product.AdvanceAsync(TimeSpan.FromSeconds(10));
        var links = Regex.Matches(product.Mail(Address(account)).HtmlBody!, "https://mail.example.test(/c/[^\"]+)").Select(m => m.Groups[1].Value).ToList();

        (await TargetAsync(links[0])).ShouldBe("https://shop.a.example/x?utm_medium=own&utm_source=news%20letter&utm_campaign=Spring&utm_content=%c3%9cber#top");
        (await TargetAsync(links[1])).ShouldBe("https://b.example/");
        (await account.ActivitiesOfKindAsync(contact, "email.clicked")).Select(c => c.GetProperty("url").GetString())
            .ShouldBe(["https://shop.a.example/x?utm_medium=own#top", "https://b.example/"]);
    }

    [Theory]
    [InlineData("mailto:ann@a.example", "mailto:ann@a.example")]
    [InlineData("https://a.example", "https://a.example?utm_source=s")]
    [InlineData("https://a.example/?", "https://a.example/?utm_source=s")]
    [InlineData("https://a.example/?q=%FIRSTNAME%", "https://a.example/?q=%FIRSTNAME%&utm_source=s")]
    [InlineData("https://a.example/?UTM_SOURCE=mine", "https://a.example/?UTM_SOURCE=mine")]
    public void A_links_own_parameters_stay(string url, string tagged) =>
        LinkTags.Tagged(url, new UtmSettings("s", "")).ShouldBe(tagged);

    private static string WithText(string text)
    {
        var file = Path.GetTempFileName();
        File.WriteAllText(file, text);
        return file;
    }

    private async Task<string> TargetAsync(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("User-Agent", Person);
        using var answer = await _reader.SendAsync(request, TestContext.Current.CancellationToken);
        return answer.Headers.Location!.OriginalString;
    }

    private async Task GetAsync(string html, string kind, string agent, string? from = null, HttpStatusCode? expect = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Regex.Match(html, $"https://mail.example.test(/{kind}/[A-Za-z0-9_-]+)").Groups[1].Value);
        request.Headers.TryAddWithoutValidation("User-Agent", agent);
        request.Headers.TryAddWithoutValidation("X-Forwarded-For", from ?? "203.0.113.9");
        using var answer = await _reader.SendAsync(request, TestContext.Current.CancellationToken);
        answer.StatusCode.ShouldBe(expect ?? (kind == "o" ? HttpStatusCode.OK : HttpStatusCode.Redirect));
    }

    private async Task<(TestAccount Account, long Contact, string Html)> SentAsync()
    {
        var account = await product.NewAccountAsync();
        var contact = await account.AddContactAsync(Address(account));
        await account.QueueAsync([contact], Mailing.Content("<a href=\"https://a.example/1\">1</a>"));
        (await account.DispatchedAsync()).ShouldHaveSingleItem().State.ShouldBe("sent");
        await product.AdvanceAsync(TimeSpan.FromSeconds(10));
        return (account, contact, product.Mail(Address(account)).HtmlBody.ShouldNotBeNull());
    }

    private static string Address(TestAccount account) => $"quality{account.Id}@track.example";

    /// <summary>Why each does not count, and what else is suspicious.</summary>
    private static async Task<List<string>> MarksAsync(TestAccount account, long contact, string kind) =>
        [.. (await account.ActivitiesOfKindAsync(contact, kind)).Select(a => $"{Text(a, "machine") ?? "counts"} {Text(a, "suspect") ?? "-"}")];

    private static string? Text(JsonElement data, string name) => data.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static async Task<long> CountAsync(TestAccount account, string conditions)
    {
        await account.SettledAsync();
        return (long)(await account.PostAsync("conditions/preview", new { conditions = System.Text.Json.Nodes.JsonNode.Parse(conditions) }))["count"]!;
    }
}
