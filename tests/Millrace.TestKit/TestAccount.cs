using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Millrace.Kernel.Data;
using Shouldly;

namespace Millrace.TestKit;

/// <summary>A tenant of its own: clients for both surfaces and short ways to what tests need. Everything goes through real HTTP.</summary>
public sealed class TestAccount
{
    private readonly Product _product;

    private TestAccount(Product product, long id, long userId, string email, string password, string apiKey, HttpClient app, HttpClient v3)
    {
        (_product, Id, UserId, Email, Password, ApiKey, App, V3) = (product, id, userId, email, password, apiKey, app, v3);
    }

    public long Id { get; }

    public long UserId { get; }

    public string Email { get; }

    public string Password { get; }

    public string ApiKey { get; }

    /// <summary>Logged in with cookie and anti-forgery token; addresses are relative to <c>/api/app/</c>.</summary>
    public HttpClient App { get; }

    /// <summary>Carries the API key; addresses are relative to <c>/api/3/</c>.</summary>
    public HttpClient V3 { get; }

    public Product Product => _product;

    /// <summary>A transaction that sees this account's rows.</summary>
    public Task<AccountTransaction> BeginAsync() => AccountTransaction.BeginAsync(_product.Database, Id, CancellationToken.None);

    public async Task<JsonNode> GetAsync(string path) => await ReadAsync(await App.GetAsync(new Uri(path, UriKind.Relative)));

    public async Task<JsonNode> PostAsync(string path, object body) => await ReadAsync(await App.PostAsJsonAsync(path, body));

    public async Task<JsonNode> PutAsync(string path, object body) => await ReadAsync(await App.PutAsJsonAsync(path, body));

    public async Task<JsonNode> PatchAsync(string path, object body) => await ReadAsync(await App.PatchAsJsonAsync(path, body));

    public async Task<JsonNode> V3GetAsync(string path) => await ReadAsync(await V3.GetAsync(new Uri(path, UriKind.Relative)));

    public async Task<JsonNode> V3PostAsync(string path, object body) => await ReadAsync(await V3.PostAsJsonAsync(path, body));

    public async Task<JsonNode> V3PutAsync(string path, object body) => await ReadAsync(await V3.PutAsJsonAsync(path, body));

    /// <summary>The activities of a contact, oldest first, as (kind, data).</summary>
    public async Task<List<(string Kind, JsonElement Data)>> ActivitiesAsync(long contactId)
    {
        await using var work = await BeginAsync();
        var rows = await Sql.Of($"""
            select kind, data from activities.activity where account_id = {Id} and contact_id = {contactId} order by id
            """).ListAsync<ActivityRow>(work, CancellationToken.None);
        return [.. rows.Select(r => (r.Kind, r.Data))];
    }

    /// <summary>Returns when the reactor has handed on everything that has happened in this account.</summary>
    public Task SettledAsync() => Product.EventuallyAsync(
        async () =>
        {
            await using var work = await BeginAsync();
            return !await Sql.Of($"select exists (select 1 from activities.activity_queue where account_id = {Id})").FirstAsync<bool>(work, CancellationToken.None);
        },
        "the activity queue is empty");

    /// <summary>Begins a new session; one that virtual time has passed over is worth nothing any more.</summary>
    public Task LogInAgainAsync() => LogInAsync(App, Email, Password);

    internal static async Task<TestAccount> LogInAsync(Product product, long id, long userId, string email, string password, string apiKey)
    {
        var app = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri(product.Address, "/api/app/") };
        await LogInAsync(app, email, password);
        var v3 = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri(product.Address, "/api/3/") };
        v3.DefaultRequestHeaders.Add("Api-Token", apiKey);
        return new TestAccount(product, id, userId, email, password, apiKey, app, v3);
    }

    private static async Task LogInAsync(HttpClient app, string email, string password)
    {
        using var login = await app.PostAsJsonAsync("session", new { email, password });
        login.EnsureSuccessStatusCode();
        foreach (var cookie in login.Headers.GetValues("Set-Cookie").Select(c => c.Split(';')[0].Split('=', 2)).Where(c => c[0] == "millrace_csrf"))
        {
            app.DefaultRequestHeaders.Remove("X-CSRF-Token");
            app.DefaultRequestHeaders.Add("X-CSRF-Token", Uri.UnescapeDataString(cookie[1]));
        }
    }

    private static async Task<JsonNode> ReadAsync(HttpResponseMessage response)
    {
        using (response)
        {
            var text = await response.Content.ReadAsStringAsync();
            response.IsSuccessStatusCode.ShouldBeTrue($"{response.RequestMessage!.Method} {response.RequestMessage.RequestUri} answered {(int)response.StatusCode}: {text}");
            return text.Length == 0 ? new JsonObject() : JsonNode.Parse(text)!;
        }
    }

    private sealed record ActivityRow(string Kind, JsonElement Data);
}
