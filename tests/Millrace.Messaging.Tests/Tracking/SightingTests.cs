using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Millrace.Activities.Contracts;
using Millrace.Kernel.Data;
using Millrace.Messaging.Tests.Sending;
using Millrace.TestKit;

namespace Millrace.Messaging.Tests.Tracking;

/// <summary>The product with a small database of places: Berlin and London.</summary>
public sealed class PlacedProduct : MailProduct
{
    private readonly string _file = Path.GetTempFileName();

    protected override IEnumerable<KeyValuePair<string, string?>> Settings => [.. base.Settings, new("Millrace:Geography:Database", _file)];

    public override async ValueTask InitializeAsync()
    {
        await File.WriteAllBytesAsync(_file, new MmdbWriter()
            .Add("81.2.69.0/24", MmdbWriter.City("GB", "England", "London", "W1", 51.5, -0.12, "Europe/London"))
            .Add("2a02:8100::/24", MmdbWriter.City("DE", "Land Berlin", "Berlin", "10115", 52.52, 13.405, "Europe/Berlin"))
            .ToBytes());
        await base.InitializeAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        File.Delete(_file);
    }
}

/// <summary>What opens and clicks tell of the contact: where it is, with what; and what they do not tell.</summary>
public sealed class SightingTests(PlacedProduct product) : IClassFixture<PlacedProduct>
{
    private const string London = "81.2.69.160";
    private const string Berlin = "2a02:8100::1";
    private const string IPhoneMail = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148";
    private const string Firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
    private const string GmailProxy = "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)";
    private readonly HttpClient _reader = new(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = product.Address };

    [Fact]
    public async Task An_open_and_a_click_tell_place_device_and_programs()
    {
        var (account, contact, html) = await SentAsync();
        await GetAsync(html, "o", IPhoneMail, London);

        var open = (await account.ActivitiesOfKindAsync(contact, "email.opened")).ShouldHaveSingleItem();
        Told(open).ShouldBe("GB England London mobile iOS Apple Mail");
        open.TryGetProperty("ip", out _).ShouldBeFalse("addresses stay out of the log");
        var seen = await SeenAsync(account, contact);
        seen.ShouldBe("81.2.69.160 GB England London W1 51.5 -0.12 Europe/London mobile iOS Apple Mail -");

        await GetAsync(html, "c", Firefox, Berlin);
        Told((await account.ActivitiesOfKindAsync(contact, "email.clicked")).ShouldHaveSingleItem()).ShouldBe("DE Land Berlin Berlin desktop Linux Firefox");
        (await SeenAsync(account, contact)).ShouldBe("2a02:8100::1 DE Land Berlin Berlin 10115 52.52 13.405 Europe/Berlin desktop Linux Apple Mail Firefox");
        ((string?)(await account.GetAsync($"contacts/{contact}"))["last_seen"]!["country_name"]).ShouldBe("Germany");
        var v3 = (await account.V3GetAsync($"contacts/{contact}/contactData"))["contactDatum"]!;
        ((string?)v3["geoCity"], (string?)v3["geoLat"], (string?)v3["geoCountry2"]).ShouldBe(("Berlin", "52.520000", "DE"));
        var geo = (await account.V3GetAsync($"contacts/{contact}/geoIps"))["geoIps"]!.AsArray().ShouldHaveSingleItem()!;
        ((string?)geo["contact"], (string?)geo["geoAddress"], (string?)geo["ip4"]).ShouldBe(($"{contact}", $"{contact}", "0"), "An address of the new kind has no number.");
        (await account.V3GetAsync("geoips?limit=1"))["geoIps"]!.AsArray().Count.ShouldBe(1, "as go-sdk writes it");
        var address = (await account.V3GetAsync($"geoIps/{geo["id"]}/geoAddress"))["geoAddress"]!;
        ((string?)address["country2"], (string?)address["country"], (string?)address["state"], (string?)address["city"], (string?)address["zip"], (string?)address["tz"])
            .ShouldBe(("DE", "Germany", "Land Berlin", "Berlin", "10115", "Europe/Berlin"));
        ((string?)address["lat"], (string?)address["lon"], address["links"]!.AsArray().Count).ShouldBe(("52.520000", "13.405000", 0));
        var whole = await account.V3GetAsync($"contacts/{contact}");
        ((string?)whole["contact"]!["geoIps"]![0], (string?)whole["geoAddresses"]![0]!["city"]).ShouldBe(($"{contact}", "Berlin"));
        var preview = await account.PostAsync("messages/preview", new
        {
            message = new { name = "Place", subject = "%GEOCITY% %GEOZIP%, %GEOSTATE%, %GEOCOUNTRY% %GEOAREA|-%", html = "<p>x</p>" },
            contact_id = contact,
        });
        ((string?)preview["subject"]).ShouldStartWith("Berlin 10115, Land Berlin, Germany");
        (await CountAsync(account, """{"all":[{"field":"place.country","op":"is","value":"DE"},{"field":"device.mail_client","op":"is","value":"Apple Mail"}]}""")).ShouldBe(1);
        (await CountAsync(account, """{"activity":"email.opened","country":"gb","device":{"op":"is_not","value":"tablet"}}""")).ShouldBe(1);
        (await CountAsync(account, """{"activity":"email.clicked","url":{"op":"contains","value":"A.EXAMPLE"},"client":{"op":"starts_with","value":"fire"}}""")).ShouldBe(1);
        (await CountAsync(account, """{"field":"place.distance","op":"lte","value":20,"from":"52.4, 13.5"}""")).ShouldBe(1);
    }

    [Theory]
    [InlineData(GmailProxy, "o", "- - - - - - - - - - Gmail -")]
    [InlineData("Mozilla/5.0", "o", "- - - - - - - - - - Apple Mail -")]
    [InlineData("curl/8.5", "o", null)]
    [InlineData("curl/8.5", "c", null)]
    public async Task A_machine_has_no_place_and_a_mailbox_that_fetches_for_its_user_tells_only_which_it_is(string agent, string kind, string? seen)
    {
        var (account, contact, html) = await SentAsync();
        await GetAsync(html, kind, agent, London);

        (await account.ActivitiesOfKindAsync(contact, kind == "o" ? "email.opened" : "email.clicked")).ShouldHaveSingleItem().TryGetProperty("country", out _).ShouldBeFalse();
        (await SeenAsync(account, contact)).ShouldBe(seen);
        (await CountAsync(account, """{"activity":"email.opened"}""")).ShouldBe(agent == GmailProxy ? 1 : 0, "who reads behind Gmail's proxy is a person");
    }

    [Fact]
    public async Task What_comes_sooner_than_anyone_reads_tells_nothing()
    {
        var (account, contact, html) = await SentAsync(wait: false);
        await GetAsync(html, "o", IPhoneMail, London);

        (await SeenAsync(account, contact)).ShouldBeNull();
        (await account.ActivitiesOfKindAsync(contact, "email.opened")).ShouldHaveSingleItem().TryGetProperty("device", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task The_time_zone_follows_the_place_until_somebody_says_another()
    {
        var (account, contact, html) = await SentAsync();
        await GetAsync(html, "o", IPhoneMail, London);
        (await ZoneAsync(account, contact)).ShouldBe("Europe/London");
        await GetAsync(html, "o", IPhoneMail, Berlin);
        (await ZoneAsync(account, contact)).ShouldBe("Europe/Berlin");

        await ExecuteAsync(account, Sql.Of($"update contacts.contact set time_zone = 'Asia/Tokyo' where account_id = {account.Id} and id = {contact}"));
        await GetAsync(html, "o", IPhoneMail, London);
        (await ZoneAsync(account, contact)).ShouldBe("Asia/Tokyo");
    }

    [Fact]
    public async Task The_same_again_writes_nothing_and_an_unknown_address_leaves_the_place()
    {
        var (account, contact, html) = await SentAsync();
        await GetAsync(html, "o", IPhoneMail, London);
        var version = await VersionAsync(account, contact);
        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => GetAsync(html, "o", IPhoneMail, London)));
        (await VersionAsync(account, contact)).ShouldBe(version);

        await GetAsync(html, "o", IPhoneMail, "9.9.9.9");
        (await SeenAsync(account, contact)).ShouldBe("9.9.9.9 GB England London W1 51.5 -0.12 Europe/London mobile iOS Apple Mail -");
        await GetAsync(html, "o", IPhoneMail, "10.1.2.3");
        (await SeenAsync(account, contact))!.ShouldStartWith("9.9.9.9 ");
        await product.AdvanceAsync(TimeSpan.FromDays(2));
        await GetAsync(html, "o", IPhoneMail, "9.9.9.9");
        (await VersionAsync(account, contact)).ShouldNotBe(version, "once a day it says that it is still so");
    }

    [Fact]
    public async Task A_contact_that_is_gone_takes_its_place_along_and_stops_nobody()
    {
        var (account, contact, html) = await SentAsync();
        await GetAsync(html, "o", IPhoneMail, London);
        await ExecuteAsync(account, Sql.Of($"delete from contacts.contact where account_id = {account.Id} and id = {contact}"));

        (await SeenAsync(account, contact)).ShouldBeNull();
        await GetAsync(html, "o", IPhoneMail, London);
        (await SeenAsync(account, contact)).ShouldBeNull();
    }

    [Fact]
    public async Task Of_several_taken_together_each_tells_what_it_knows()
    {
        var account = await product.NewAccountAsync();
        var contact = await account.AddContactAsync($"together{account.Id}@track.example");
        var at = product.Now;
        await using (var work = await account.BeginAsync())
        {
            await product.Services.GetServices<ITakesAsides>().ShouldHaveSingleItem().TakeAsync(
                work.Transaction, account.Id,
                [
                    new Aside(contact, at, """{"ip":"81.2.69.160","country":"GB","city":"London","device":"mobile","os":"iOS","mail_client":"Apple Mail"}"""),
                    new Aside(contact, at.AddMinutes(1), """{"ip":"9.9.9.9","device":"desktop","browser":"Firefox"}"""),
                ],
                CancellationToken.None);
            await work.CommitAsync(CancellationToken.None);
        }

        // A device is taken whole: the desktop's system is not known, and is not that of the phone.
        (await SeenAsync(account, contact)).ShouldBe("9.9.9.9 GB - London - - - - desktop - Apple Mail Firefox");
        await using var look = await account.BeginAsync();
        (await Sql.Of($"select seen_at - placed_at = interval '1 minute' from contacts.last_seen where account_id = {account.Id}").FirstAsync<bool>(look, CancellationToken.None))
            .ShouldBeTrue();
    }

    [Fact]
    public async Task The_network_address_is_nowhere_once_it_is_kept_at_the_contact()
    {
        var (account, contact, html) = await SentAsync();
        await GetAsync(html, "o", IPhoneMail, London);
        await account.SettledAsync();
        await ExecuteAsync(account, Sql.Of($"delete from contacts.contact where account_id = {account.Id} and id = {contact}"));

        await using var work = await account.BeginAsync();
        (await Sql.Of($"""
            select (select count(*) from activities.activity_queue q where q::text like {"%" + London + "%"})
                 + (select count(*) from activities.activity a where a::text like {"%" + London + "%"})
                 + (select count(*) from activities.parked_activity p where p::text like {"%" + London + "%"})
            """).FirstAsync<long>(work, CancellationToken.None)).ShouldBe(0);
    }

    private async Task GetAsync(string html, string kind, string agent, string from)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Regex.Match(html, $"https://mail.example.test(/{kind}/[A-Za-z0-9_-]+)").Groups[1].Value);
        request.Headers.TryAddWithoutValidation("User-Agent", agent);
        // The reader is on this machine, as a proxy in front of the server is.
        request.Headers.TryAddWithoutValidation("X-Forwarded-For", $"203.0.113.9, {from}");
        using var answer = await _reader.SendAsync(request, TestContext.Current.CancellationToken);
        ((int)answer.StatusCode).ShouldBeLessThan((int)HttpStatusCode.BadRequest);
    }

    private async Task<(TestAccount Account, long Contact, string Html)> SentAsync(bool wait = true)
    {
        var account = await product.NewAccountAsync();
        await account.FilterMachinesAsync();
        var address = $"seen{account.Id}@track.example";
        var contact = await account.AddContactAsync(address);
        await account.QueueAsync([contact], Mailing.Content("<a href=\"https://a.example/1\">1</a>"));
        (await account.DispatchedAsync()).ShouldHaveSingleItem().State.ShouldBe("sent");
        if (wait)
        {
            await product.AdvanceAsync(TimeSpan.FromSeconds(10));
        }

        return (account, contact, product.Mail(address).HtmlBody.ShouldNotBeNull());
    }

    private static string Told(JsonElement data) =>
        string.Join(' ', new[] { "country", "region", "city", "device", "os", "client" }.Select(key => data.GetProperty(key).GetString()));

    private static async Task<string?> SeenAsync(TestAccount account, long contact)
    {
        await account.SettledAsync();
        await using var work = await account.BeginAsync();
        return await Sql.Of($"""
            select array_to_string(array[ip, country, region, city, postal_code, latitude::text, longitude::text, time_zone, device, os, mail_client, browser], ' ', '-')
            from contacts.last_seen where account_id = {account.Id} and contact_id = {contact}
            """).FirstAsync<string?>(work, CancellationToken.None);
    }

    private static async Task<string?> ZoneAsync(TestAccount account, long contact)
    {
        await account.SettledAsync();
        await using var work = await account.BeginAsync();
        return await Sql.Of($"select time_zone from contacts.contact where account_id = {account.Id} and id = {contact}").FirstAsync<string?>(work, CancellationToken.None);
    }

    /// <summary>Another one after every write of the row.</summary>
    private static async Task<string?> VersionAsync(TestAccount account, long contact)
    {
        await account.SettledAsync();
        await using var work = await account.BeginAsync();
        return await Sql.Of($"select xmin::text || ctid::text from contacts.last_seen where account_id = {account.Id} and contact_id = {contact}")
            .FirstAsync<string?>(work, CancellationToken.None);
    }

    private static async Task ExecuteAsync(TestAccount account, Sql change)
    {
        await using var work = await account.BeginAsync();
        await change.ExecuteAsync(work, CancellationToken.None);
        await work.CommitAsync(CancellationToken.None);
    }

    private static async Task<long> CountAsync(TestAccount account, string conditions)
    {
        await account.SettledAsync();
        return (long)(await account.PostAsync("conditions/preview", new { conditions = JsonNode.Parse(conditions) }))["count"]!;
    }
}
