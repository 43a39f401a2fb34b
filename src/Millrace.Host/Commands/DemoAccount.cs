using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Millrace.Accounts.Setup;
using Millrace.Kernel.Data;
using Millrace.Kernel.Security;
using Millrace.Kernel.Time;
using Npgsql;

namespace Millrace.Host.Commands;

/// <summary>
/// An account of its own with what a small firm would have: lists, tags, fields, contacts, segments, mails, automations with people inside, campaigns, and readers
/// who open and click. Everything goes over the public surfaces of the running server, so it is what a user or an integration would have made.
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

    /// <summary>Makes the account and says how to log in, then fills it; once on a server.</summary>
    public static async Task AddAsync(IServiceProvider services, Uri address, CancellationToken cancellationToken)
    {
        if (await AccountOfAsync(services.GetRequiredService<NpgsqlDataSource>(), cancellationToken) is { } there)
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"The demo account is there already: {address}app/  {Email}  (its password was shown when it was made; for another log-in: millrace user add {there} EMAIL PASSWORD)"));
            return;
        }

        var alone = !await services.GetRequiredService<AccountCreator>().AnyAccountAsync(cancellationToken);
        var (password, key) = (RandomToken.New(16), RandomToken.New(32));
        await services.GetRequiredService<AccountCreator>().CreateAsync(
            new AccountCreator.NewAccount("Demo Garden Tools", "Dana Demo", Email, password, "Europe/Berlin", "Demo Garden Tools", "12 Orchard Lane\n10115 Berlin", key),
            onlyFirst: false, cancellationToken);
        Console.WriteLine($"Demo account: {address}app/  {Email}  password {password}");
        Console.WriteLine("Six weeks of its life are being made now; that takes a minute.");
        await FillAsync(address, password, key, new DemoTime(services.GetRequiredService<ClockSynchroniser>(), alone), services.GetRequiredService<TimeProvider>(), cancellationToken);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"The demo account is filled: {Contacts} contacts, two automations with people inside, four campaigns, their mails in the mail catcher."));
    }

    private static async Task<long?> AccountOfAsync(NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await Sql.Of($"select account_id from accounts.login where email = {Email} order by account_id limit 1").FirstAsync<long?>(connection, cancellationToken);
    }

    private static async Task FillAsync(Uri address, string password, string key, DemoTime time, TimeProvider clock, CancellationToken cancellationToken)
    {
#pragma warning disable RS0030 // It calls this very process, nothing a user gave.
        using var v3 = new HttpClient { BaseAddress = new Uri(address, "/api/3/") };
        v3.DefaultRequestHeaders.Add("Api-Token", key);
        using var app = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri(address, "/api/app/") };
#pragma warning restore RS0030
        await time.BeginAsync(cancellationToken);
        var news = await NewAsync(v3, "lists", "list", new { name = "Newsletter", sender_reminder = "You asked for our newsletter." }, cancellationToken);
        var customers = await NewAsync(v3, "lists", "list", new { name = "Customers" }, cancellationToken);
        var city = await NewAsync(v3, "fields", "field", new { title = "City", type = "text" }, cancellationToken);
        var birthday = await NewAsync(v3, "fields", "field", new { title = "Birthday", type = "date" }, cancellationToken);
        var vip = await NewAsync(v3, "tags", "tag", new { tag = "vip", tagType = "contact", description = "Buys several times a year" }, cancellationToken);
        var engaged = await NewAsync(v3, "tags", "tag", new { tag = "engaged", tagType = "contact", description = "Clicked in the welcome mail" }, cancellationToken);
        await LogInAsync(app, password, cancellationToken);
        foreach (var document in DemoContent.Automations)
        {
            await PostAsync(app, "automations/import?activate=true", JsonNode.Parse(document)!, cancellationToken);
        }

        foreach (var message in DemoContent.Messages)
        {
            await PostAsync(app, "messages", message, cancellationToken);
        }

        foreach (var (name, conditions) in DemoContent.Segments(news, customers, city, vip, engaged))
        {
            await PostAsync(app, "segments", new { name, conditions = JsonNode.Parse(conditions) }, cancellationToken);
        }

        var readers = new DemoReaders(app, address);
        foreach (var (step, some) in Enumerable.Range(0, Contacts).Chunk((Contacts / DemoTime.Steps) + 1).Index())
        {
            await PostAsync(v3, "import/bulk_import", new { contacts = some.Select(i => Contact(i, news, customers, city, birthday)) }, cancellationToken);
            await WaitAsync(
                async () => (await v3.GetFromJsonAsync<JsonElement>("import/bulk_import", cancellationToken)).GetProperty("outstanding").GetArrayLength() == 0, cancellationToken);
            await DemoCampaigns.SendAsync(app, step, news, cancellationToken);
            await SettleAsync(app, cancellationToken);
            await time.PassAsync(DemoTime.UntilReading, cancellationToken);
            await readers.ReadAsync(cancellationToken);
            await SendEventsAsync(app, address, some[..4], cancellationToken);
            if (step < DemoContent.Notes.Length)
            {
                var id = (await v3.GetFromJsonAsync<JsonElement>($"contacts?email={Address(some[3])}", cancellationToken)).GetProperty("contacts")[0].GetProperty("id").GetString();
                await PostAsync(v3, "notes", new { note = new { note = DemoContent.Notes[step], relid = id, reltype = "Subscriber" } }, cancellationToken);
            }

            await time.PassAsync(step < DemoTime.Steps - 1 ? DemoTime.UntilNext : DemoTime.UntilReading, cancellationToken);
            await LogInAsync(app, password, cancellationToken);
        }

        await time.EndAsync(cancellationToken);
        await LogInAsync(app, password, cancellationToken);
        await DemoCampaigns.PlanAsync(app, news, clock.GetUtcNow(), cancellationToken);
        await SettleAsync(app, cancellationToken);
    }

    /// <summary>Nothing waits to be sent, and two looks in a row find the same mails.</summary>
    private static async Task SettleAsync(HttpClient app, CancellationToken cancellationToken)
    {
        var newest = -1L;
        await WaitAsync(
            async () =>
            {
                var before = newest;
                newest = await DemoReaders.NewestAsync(app, cancellationToken);
                var waiting = (await app.GetFromJsonAsync<JsonElement>("sending/health", cancellationToken)).GetProperty("waiting").GetInt64();
                return waiting == 0 && newest == before;
            },
            cancellationToken);
    }

    private static async Task SendEventsAsync(HttpClient app, Uri address, int[] contacts, CancellationToken cancellationToken)
    {
        var tracking = await app.GetFromJsonAsync<JsonElement>("event-tracking", cancellationToken);
        foreach (var i in contacts)
        {
            using var form = new FormUrlEncodedContent(
            [
                new("actid", tracking.GetProperty("account_id").ToString()), new("key", tracking.GetProperty("key").GetString()!), new("event", Events[i % Events.Length]),
                new("visit", JsonSerializer.Serialize(new { email = Address(i) })),
            ]);
            using var answer = await app.PostAsync(new Uri(address, "/event"), form, cancellationToken);
            answer.EnsureSuccessStatusCode();
        }
    }

    private static object Contact(int i, string news, string customers, string city, string birthday) => new
    {
        email = Address(i),
        first_name = FirstNames[i % FirstNames.Length],
        last_name = LastNames[i / FirstNames.Length % LastNames.Length],
        phone = string.Create(CultureInfo.InvariantCulture, $"+49 30 5550 {i:D4}"),
        tags = Tags.Where((_, t) => (i + t) % (3 + t) == 0),
        fields = new[]
        {
            new { id = city, value = Cities[i / 5 % Cities.Length] },
            new { id = birthday, value = string.Create(CultureInfo.InvariantCulture, $"{1960 + (i % 45)}-{1 + (i % 12):D2}-{1 + (i % 28):D2}") },
        },
        subscribe = new[] { news, customers }.Where((_, l) => l == 0 ? i % 5 != 0 : i % 3 == 0).Select(l => new { listid = l }),
    };

    private static string Address(int i) => string.Create(
        CultureInfo.InvariantCulture, $"{FirstNames[i % FirstNames.Length].ToLowerInvariant()}.{LastNames[i / FirstNames.Length % LastNames.Length].ToLowerInvariant()}{i}@demo.example");

    /// <summary>Not for ever: on a server without the role of the worker nothing would come of it.</summary>
    private static async Task WaitAsync(Func<Task<bool>> condition, CancellationToken cancellationToken)
    {
        for (var looks = 0; looks < 100 && !await condition(); looks++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(300), TimeProvider.System, cancellationToken);
        }
    }

    private static async Task LogInAsync(HttpClient app, string password, CancellationToken cancellationToken)
    {
        using var login = await app.PostAsJsonAsync("session", new { email = Email, password }, cancellationToken);
        login.EnsureSuccessStatusCode();
        var token = login.Headers.GetValues("Set-Cookie").Select(c => c.Split(';')[0].Split('=', 2)).First(c => c[0] == "millrace_csrf")[1];
        app.DefaultRequestHeaders.Remove("X-CSRF-Token");
        app.DefaultRequestHeaders.Add("X-CSRF-Token", Uri.UnescapeDataString(token));
    }

    private static async Task<string> NewAsync(HttpClient v3, string path, string wrapper, object value, CancellationToken cancellationToken) =>
        (await PostAsync(v3, path, new Dictionary<string, object> { [wrapper] = value }, cancellationToken)).GetProperty(wrapper).GetProperty("id").GetString()!;

    internal static async Task<JsonElement> PostAsync(HttpClient client, string path, object body, CancellationToken cancellationToken)
    {
        using var answer = await client.PostAsJsonAsync(path, body, cancellationToken);
        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
    }
}
