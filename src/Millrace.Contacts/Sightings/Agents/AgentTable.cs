using Millrace.Contacts.Contracts;

namespace Millrace.Contacts.Sightings.Agents;

/// <summary>
/// What parts of a user agent tell. All rows whose mark occurs (ignoring case) speak, from top to bottom, and the first word about each thing counts: so a
/// program that calls itself several (an Edge that is a Chrome that is a Safari) stands before those. To know a new program, add a row.
/// </summary>
internal static class AgentTable
{
    private const string Desktop = "desktop";
    private const string Mobile = "mobile";
    private const string Tablet = "tablet";

    /// <param name="Mark">Part of the user agent.</param>
    /// <param name="Unless">Where one of these occurs as well, the row does not speak.</param>
    internal sealed record Row(
        string Mark, string? Machine = null, string? MailClient = null, string? Browser = null, string? Os = null, string? Device = null, params string[] Unless);

    public static readonly Row[] Rows =
    [
        // Mailboxes that fetch pictures in place of their users. Gmail's second one poses as an Edge of 2015 with a second "Mozilla" at its end, and fetches ahead of the reader.
        new("GoogleImageProxy", Agent.Proxy, "Gmail"),
        new("ggpht.com", Agent.Proxy, "Gmail"),
        new("Edge/12.246 Mozilla/5.0", Agent.Privacy, "Gmail"),
        new("YahooMailProxy", Agent.Proxy, "Yahoo Mail"),
        new("Mail Privacy", Agent.Privacy, "Apple Mail"),

        // Scanners and programs.
        .. from mark in (string[])
           [
               "crawl", "spider", "scan", "curl/", "wget/", "python", "java/", "go-http-client", "okhttp", "axios/", "node-fetch", "libwww", "httpclient", "headless",
               "phantom", "barracuda", "mimecast", "proofpoint", "safelinks", "urlcheck", "virustotal", "trend micro", "symantec", "fireeye", "forcepoint",
               "sophos", "preview", "facebookexternalhit", "slurp", "monitor", "ruby", "postmanruntime",
           ]
           select new Row(mark, Agent.Scanner),
        // Cubot makes telephones.
        new("bot", Agent.Scanner, Unless: ["cubot"]),

        // Mail programs.
        new("Outlook-iOS", MailClient: "Outlook", Os: "iOS", Device: Mobile, Unless: ["iPad"]),
        new("Outlook-iOS", MailClient: "Outlook", Os: "iOS", Device: Tablet),
        new("Outlook-Android", MailClient: "Outlook", Os: "Android", Device: Mobile),
        new("MacOutlook", MailClient: "Outlook", Os: "macOS", Device: Desktop),
        new("Microsoft Outlook", MailClient: "Outlook", Os: "Windows", Device: Desktop, Unless: ["Mac OS"]),
        new("ms-office", MailClient: "Outlook"),
        new("Microsoft Office", MailClient: "Outlook"),
        new("Thunderbird/", MailClient: "Thunderbird"),
        new("Betterbird/", MailClient: "Thunderbird"),
        new("K-9 Mail", MailClient: "K-9 Mail", Os: "Android", Device: Mobile),
        new("K-9/", MailClient: "K-9 Mail", Os: "Android", Device: Mobile),
        new("FairEmail", MailClient: "FairEmail", Os: "Android", Device: Mobile),
        new("YahooMobileMail", MailClient: "Yahoo Mail", Device: Mobile),
        new("YahooMobile", MailClient: "Yahoo Mail", Device: Mobile),
        new("SamsungEmail", MailClient: "Samsung Email", Os: "Android"),
        new("Samsung Email", MailClient: "Samsung Email", Os: "Android"),
        new("BlueMail", MailClient: "BlueMail"),
        new("Spark/", MailClient: "Spark"),
        new("Airmail", MailClient: "Airmail"),
        new("Superhuman", MailClient: "Superhuman"),
        new("Mailspring", MailClient: "Mailspring"),
        new("eM Client", MailClient: "eM Client", Os: "Windows", Device: Desktop, Unless: ["Mac OS"]),
        new("eM_Client", MailClient: "eM Client"),
        new("Postbox/", MailClient: "Postbox"),
        new("The Bat", MailClient: "The Bat!", Os: "Windows", Device: Desktop),
        new("Lotus-Notes", MailClient: "Notes"),
        new("Evolution/", MailClient: "Evolution", Os: "Linux", Device: Desktop),
        new("KMail", MailClient: "KMail", Os: "Linux", Device: Desktop),
        // Apple's Mail says what it draws with, and nothing of itself.
        new("AppleWebKit/", MailClient: "Apple Mail", Unless: ["Safari", "Chrome", "Android", "Linux", "Windows", "Firefox", "Instagram", "FBAN", "FBAV", "GSA/"]),

        // Browsers; who poses as another comes first.
        new("SamsungBrowser/", Browser: "Samsung Internet"),
        new("EdgA/", Browser: "Edge"),
        new("EdgiOS/", Browser: "Edge"),
        new("Edg/", Browser: "Edge"),
        new("Edge/", Browser: "Edge"),
        new("OPR/", Browser: "Opera"),
        new("OPT/", Browser: "Opera"),
        new("OPiOS/", Browser: "Opera"),
        new("Opera", Browser: "Opera"),
        new("Vivaldi/", Browser: "Vivaldi"),
        new("YaBrowser/", Browser: "Yandex Browser"),
        new("UCBrowser/", Browser: "UC Browser"),
        new("DuckDuckGo/", Browser: "DuckDuckGo"),
        new("Ddg/", Browser: "DuckDuckGo"),
        new("Silk/", Browser: "Silk", Os: "Android", Device: Tablet),
        new("FxiOS/", Browser: "Firefox"),
        new("Firefox/", Browser: "Firefox"),
        new("CriOS/", Browser: "Chrome"),
        new("Chrome/", Browser: "Chrome"),
        new("Chromium/", Browser: "Chrome"),
        new("MSIE ", Browser: "Internet Explorer"),
        new("Trident/", Browser: "Internet Explorer"),
        new("Safari/", Browser: "Safari", Unless: ["Android"]),
        new("Android", Browser: "Android browser", Unless: ["Chrome", "Firefox", "Thunderbird", "Outlook", "K-9"]),

        // Systems and what they run on.
        new("Windows Phone", Os: "Windows", Device: Mobile),
        new("iPad", Os: "iOS", Device: Tablet),
        new("iPhone", Os: "iOS", Device: Mobile),
        new("iPod", Os: "iOS", Device: Mobile),
        new("iOS", Os: "iOS", Device: Mobile, Unless: ["Mac OS", "Windows", "Android"]),
        new("CrOS", Os: "ChromeOS", Device: Desktop, Unless: ["Micros"]),
        new("Tablet", Device: Tablet, Unless: ["Tablet PC"]),
        new("Kindle", Os: "Android", Device: Tablet),
        new("Mobile", Device: Mobile),
        // Android without "Mobile" is a tablet, as its makers ask of browsers.
        new("Android", Os: "Android", Device: Tablet),
        new("KAIOS", Os: "KaiOS", Device: Mobile),
        new("Windows", Os: "Windows", Device: Desktop),
        new("Mac OS X", Os: "macOS", Device: Desktop),
        new("Macintosh", Os: "macOS", Device: Desktop),
        new("macOS", Os: "macOS", Device: Desktop),
        new("Linux", Os: "Linux", Device: Desktop),
        new("X11", Os: "Linux", Device: Desktop),
    ];

    public static readonly (string Value, string Label)[] Devices = [(Desktop, "Desktop"), (Mobile, "Mobile"), (Tablet, "Tablet")];
}
