using Millrace.Contacts.Contracts;
using Millrace.Contacts.Sightings.Agents;

namespace Millrace.Contacts.Tests.Sightings;

/// <summary>User agents as they come, and what they tell.</summary>
public sealed class AgentReaderTests
{
    [Theory]
    // Mailboxes that fetch pictures for their users.
    [InlineData("Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)", "proxy", null, null, "Gmail", null)]
    [InlineData("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/42.0.2311.135 Safari/537.36 Edge/12.246 Mozilla/5.0", "privacy", null, null, "Gmail", null)]
    [InlineData("YahooMailProxy; https://help.yahoo.com/kb/yahoo-mail-proxy-SLN28749.html", "proxy", null, null, "Yahoo Mail", null)]
    [InlineData("Mozilla/5.0", "privacy", null, null, "Apple Mail", null)]
    // Scanners and programs.
    [InlineData("", "scanner", null, null, null, null)]
    [InlineData("curl/8.5.0", "scanner", null, null, null, null)]
    [InlineData("python-requests/2.31.0", "scanner", null, null, null, null)]
    [InlineData("Go-http-client/2.0", "scanner", null, null, null, null)]
    [InlineData("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "scanner", null, null, null, null)]
    [InlineData("Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)", "scanner", null, null, null, null)]
    [InlineData("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/120.0.0.0 Safari/537.36", "scanner", null, null, null, null)]
    [InlineData("Barracuda Sentinel (EE)", "scanner", null, null, null, null)]
    [InlineData("Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)", "scanner", null, null, null, null)]
    [InlineData("Mozilla/5.0 (Windows NT 10.0; Win64; x64) BingPreview/1.0b", "scanner", null, null, null, null)]
    [InlineData("facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)", "scanner", null, null, null, null)]
    // Mail programs.
    [InlineData("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)", null, "desktop", "macOS", "Apple Mail", null)]
    [InlineData("Mozilla/5.0 (iPhone; CPU iPhone OS 17_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148", null, "mobile", "iOS", "Apple Mail", null)]
    [InlineData("Mozilla/5.0 (iPad; CPU OS 16_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148", null, "tablet", "iOS", "Apple Mail", null)]
    [InlineData("Mozilla/5.0 (X11; Linux x86_64; rv:115.0) Gecko/20100101 Thunderbird/115.5.0", null, "desktop", "Linux", "Thunderbird", null)]
    [InlineData("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:115.0) Gecko/20100101 Thunderbird/115.5.1", null, "desktop", "Windows", "Thunderbird", null)]
    [InlineData("Mozilla/4.0 (compatible; MSIE 7.0; Windows NT 10.0; WOW64; Trident/7.0; .NET4.0C; .NET4.0E; Microsoft Outlook 16.0.12527; ms-office; MSOffice 16)", null, "desktop", "Windows", "Outlook", "Internet Explorer")]
    [InlineData("Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.13127; Pro)", null, "desktop", "Windows", "Outlook", null)]
    [InlineData("MacOutlook/16.78.23100802 (Intel Mac OS X Version 13.6 (Build 22G120))", null, "desktop", "macOS", "Outlook", null)]
    [InlineData("Outlook-iOS/723.4027091.prod.iphone (4.28.0)", null, "mobile", "iOS", "Outlook", null)]
    [InlineData("Outlook-Android/2.0", null, "mobile", "Android", "Outlook", null)]
    [InlineData("K-9 Mail for Android", null, "mobile", "Android", "K-9 Mail", null)]
    // Browsers.
    [InlineData("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36", null, "desktop", "Windows", null, "Chrome")]
    [InlineData("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36 Edg/130.0.2849.68", null, "desktop", "Windows", null, "Edge")]
    [InlineData("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/129.0.0.0 Safari/537.36 OPR/114.0.0.0", null, "desktop", "Windows", null, "Opera")]
    [InlineData("Mozilla/5.0 (Windows NT 10.0; WOW64; Trident/7.0; rv:11.0) like Gecko", null, "desktop", "Windows", null, "Internet Explorer")]
    [InlineData("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4.1 Safari/605.1.15", null, "desktop", "macOS", null, "Safari")]
    [InlineData("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", null, "desktop", "Linux", null, "Firefox")]
    [InlineData("Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/129.0.0.0 Safari/537.36", null, "desktop", "ChromeOS", null, "Chrome")]
    [InlineData("Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Mobile/15E148 Safari/604.1", null, "mobile", "iOS", null, "Safari")]
    [InlineData("Mozilla/5.0 (iPhone; CPU iPhone OS 17_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/130.0.6723.90 Mobile/15E148 Safari/604.1", null, "mobile", "iOS", null, "Chrome")]
    [InlineData("Mozilla/5.0 (Linux; Android 14; SM-S918B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/26.0 Chrome/122.0.0.0 Mobile Safari/537.36", null, "mobile", "Android", null, "Samsung Internet")]
    [InlineData("Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Mobile Safari/537.36", null, "mobile", "Android", null, "Chrome")]
    [InlineData("Mozilla/5.0 (Linux; Android 13; SM-X906C) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36", null, "tablet", "Android", null, "Chrome")]
    [InlineData("Mozilla/5.0 (Android 14; Mobile; rv:132.0) Gecko/132.0 Firefox/132.0", null, "mobile", "Android", null, "Firefox")]
    [InlineData("Mozilla/5.0 (Linux; Android 12; CUBOT NOTE 30) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Mobile Safari/537.36", null, "mobile", "Android", null, "Chrome")]
    [InlineData("Mozilla/5.0 (Windows Phone 10.0; Android 6.0.1; Microsoft; Lumia 950) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/52.0 Mobile Safari/537.36 Edge/15.15063", null, "mobile", "Windows", null, "Edge")]
    [InlineData("something nobody has heard of", null, null, null, null, null)]
    public void A_user_agent_tells(string agent, string? machine, string? device, string? os, string? mail, string? browser) =>
        AgentReader.Read(agent).ShouldBe(new Agent(device, os, mail, browser, machine));

    [Fact]
    public void Endless_names_are_cut_and_the_memory_of_them_is_bounded()
    {
        AgentReader.Read(new string('x', 100_000) + "Chrome/1").Browser.ShouldBeNull();
        for (var i = 0; i < 30_000; i++)
        {
            AgentReader.Read($"Firefox/{i}").Browser.ShouldBe("Firefox");
        }
    }

    [Fact]
    public void A_click_tells_no_mail_program_and_a_machine_tells_nothing_of_a_person()
    {
        var place = new Place("DE", "Land Berlin", "Berlin", "10115", 52.5, 13.4, "Europe/Berlin");
        var mail = AgentReader.Read("Mozilla/5.0 (iPhone; CPU iPhone OS 17_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148");
        var open = new Sighting("81.2.69.1", place, mail, FromMail: true);

        open.ForLog(machine: null).ShouldBe("""{"country":"DE","region":"Land Berlin","city":"Berlin","device":"mobile","os":"iOS","client":"Apple Mail"}""");
        open.ForContact(machine: null)!.ShouldContain("\"ip\":\"81.2.69.1\"");
        open.ForContact("prefetch").ShouldBeNull();
        open.ForLog("scanner").ShouldBe("{}");
        (open with { FromMail = false }).ForContact(machine: null)!.ShouldNotContain("mail_client");
        var proxy = open with { Agent = AgentReader.Read("Mozilla/5.0") };
        proxy.ForContact("proxy").ShouldBe("""{"mail_client":"Apple Mail"}""");
        proxy.ForLog("proxy").ShouldBe("""{"client":"Apple Mail"}""");
    }
}
