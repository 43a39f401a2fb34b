using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Millrace.Accounts.Setup;
using Millrace.Kernel.Security;

namespace Millrace.Host.Commands;

/// <summary>
/// Fills an account of its own with what a small firm would have: lists, tags, fields, contacts, an automation that runs, events. Everything goes over the
/// public surfaces of the running server, so it is what a user or an integration would have made.
/// </summary>
internal static class DemoAccount
{
    private const string Email = "demo@millrace.example";
    private const int Contacts = 500;

    private static readonly string[] FirstNames =
        ["Ada", "Ben", "Chen", "Dara", "Emil", "Fatima", "Grace", "Hugo", "Ines", "Jonas", "Kofi", "Lena", "Mika", "Nadia", "Omar", "Priya", "Quinn", "Rosa", "Sven", "Tara"];

    private static readonly string[] LastNames =
        ["Adler", "Baker", "Costa", "Dubois", "Eriksen", "Fischer", "Garcia", "Haddad", "Ivanova", "Jensen", "Kumar", "Lopez", "Moreau", "Novak", "Okafor", "Petrov", "Rossi", "Santos", "Tanaka", "Weber"];

    private static readonly string[] Cities = ["Berlin", "Lisbon", "Lyon", "Oslo", "Porto", "Prague", "Turin", "Vienna"];
    private static readonly string[] Tags = ["customer", "newsletter reader", "trade fair", "vip"];
    private static readonly string[] Events = ["opened catalogue", "started trial", "watched webinar"];

    /// <returns>The password of the account, or null when there is a demo account already.</returns>
    public static async Task<string?> AddAsync(IServiceProvider services, Uri address, CancellationToken cancellationToken)
    {
        var (password, key) = (RandomToken.New(16), RandomToken.New(32));
        try
        {
            await services.GetRequiredService<AccountCreator>().CreateAsync(
                new AccountCreator.NewAccount("Demo Garden Tools", "Dana Demo", Email, password, "Europe/Berlin", "Demo Garden Tools", "12 Orchard Lane\n10115 Berlin", key),
                onlyFirst: false, cancellationToken);
        }
        catch (Kernel.Errors.DomainException e) when (e is Kernel.Errors.ConflictException or Kernel.Errors.InvalidInputException)
        {
            return null;
        }

#pragma warning disable RS0030 // It calls this very process, nothing a user gave.
        using var v3 = new HttpClient { BaseAddress = new Uri(address, "/api/3/") };
        v3.DefaultRequestHeaders.Add("Api-Token", key);
        using var app = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri(address, "/api/app/") };
#pragma warning restore RS0030
        var news = await NewAsync(v3, "lists", "list", new { name = "Newsletter", sender_reminder = "You asked for our newsletter." }, cancellationToken);
        var customers = await NewAsync(v3, "lists", "list", new { name = "Customers" }, cancellationToken);
        var city = await NewAsync(v3, "fields", "field", new { title = "City", type = "text" }, cancellationToken);
        var birthday = await NewAsync(v3, "fields", "field", new { title = "Birthday", type = "date" }, cancellationToken);
        await LogInAsync(app, password, cancellationToken);
        using var automation = await app.PostAsJsonAsync("automations/import?activate=true", JsonNode.Parse(Automation), cancellationToken);
        automation.EnsureSuccessStatusCode();
        foreach (var some in Enumerable.Range(0, Contacts).Chunk(250))
        {
            await PostAsync(v3, "import/bulk_import", new { contacts = some.Select(i => Contact(i, news, customers, city, birthday)) }, cancellationToken);
        }

        await DoneAsync(v3, cancellationToken);
        var tracking = await app.GetFromJsonAsync<JsonElement>("event-tracking", cancellationToken);
        foreach (var i in Enumerable.Range(0, 60))
        {
            using var form = new FormUrlEncodedContent(
            [
                new("actid", tracking.GetProperty("account_id").ToString()), new("key", tracking.GetProperty("key").GetString()!), new("event", Events[i % Events.Length]),
                new("visit", JsonSerializer.Serialize(new { email = Address(i * 7) })),
            ]);
            using var answer = await app.PostAsync(new Uri(address, "/event"), form, cancellationToken);
            answer.EnsureSuccessStatusCode();
        }

        var first = (await v3.GetFromJsonAsync<JsonElement>($"contacts?email={Address(0)}", cancellationToken)).GetProperty("contacts")[0].GetProperty("id").GetString();
        await PostAsync(v3, "notes", new { note = new { note = "Met at the spring fair; wants the new catalogue.", relid = first, reltype = "Subscriber" } }, cancellationToken);
        return password;
    }

    public static void Tell(Uri address, string? password) => Console.WriteLine(password is null
        ? $"The demo account is there already ({Email})."
        : $"Demo account: {address}app/  {Email}  password {password}");

    private static object Contact(int i, string news, string customers, string city, string birthday) => new
    {
        email = Address(i),
        first_name = FirstNames[i % FirstNames.Length],
        last_name = LastNames[i / FirstNames.Length % LastNames.Length],
        phone = string.Create(CultureInfo.InvariantCulture, $"+49 30 5550 {i:D4}"),
        tags = Tags.Where((_, t) => (i + t) % (3 + t) == 0),
        fields = new[]
        {
            new { id = city, value = Cities[i % Cities.Length] },
            new { id = birthday, value = string.Create(CultureInfo.InvariantCulture, $"{1960 + (i % 45)}-{1 + (i % 12):D2}-{1 + (i % 28):D2}") },
        },
        subscribe = new[] { news, customers }.Where((_, l) => l == 0 ? i % 5 != 0 : i % 3 == 0).Select(l => new { listid = l }),
    };

    private static string Address(int i) => string.Create(
        CultureInfo.InvariantCulture, $"{FirstNames[i % FirstNames.Length].ToLowerInvariant()}.{LastNames[i / FirstNames.Length % LastNames.Length].ToLowerInvariant()}{i}@demo.example");

    private static async Task DoneAsync(HttpClient v3, CancellationToken cancellationToken)
    {
        while ((await v3.GetFromJsonAsync<JsonElement>("import/bulk_import", cancellationToken)).GetProperty("outstanding").GetArrayLength() > 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, cancellationToken);
        }
    }

    private static async Task LogInAsync(HttpClient app, string password, CancellationToken cancellationToken)
    {
        using var login = await app.PostAsJsonAsync("session", new { email = Email, password }, cancellationToken);
        login.EnsureSuccessStatusCode();
        var token = login.Headers.GetValues("Set-Cookie").Select(c => c.Split(';')[0].Split('=', 2)).First(c => c[0] == "millrace_csrf")[1];
        app.DefaultRequestHeaders.Add("X-CSRF-Token", Uri.UnescapeDataString(token));
    }

    private static async Task<string> NewAsync(HttpClient v3, string path, string wrapper, object value, CancellationToken cancellationToken) =>
        (await PostAsync(v3, path, new Dictionary<string, object> { [wrapper] = value }, cancellationToken)).GetProperty(wrapper).GetProperty("id").GetString()!;

    private static async Task<JsonElement> PostAsync(HttpClient v3, string path, object body, CancellationToken cancellationToken)
    {
        using var answer = await v3.PostAsJsonAsync(path, body, cancellationToken);
        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
    }

    private const string Automation = """
        { "name": "Welcome", "description": "Greets new readers and looks after those who come back", "create": true, "entry": "once",
          "triggers": [ { "type": "list.subscribed", "list": "Newsletter" } ],
          "steps": [
            { "id": "hello", "type": "email.send", "subject": "Welcome, %FIRSTNAME|there%", "from": { "name": "Dana", "address": "dana@demo.example" }, "html": "<p>Hi %FIRSTNAME|there%, good to have you.</p><p><a href=\"https://demo.example/catalogue\">The new catalogue</a></p>" },
            { "type": "wait.for", "duration": "P2D" },
            { "type": "flow.if", "conditions": { "all": [ { "activity": "email.clicked", "step": "hello" } ] }, "yes": [ { "type": "tag.add", "tag": "engaged" } ], "no": [ { "type": "wait.for", "duration": "P7D" } ] } ] }
        """;
}
