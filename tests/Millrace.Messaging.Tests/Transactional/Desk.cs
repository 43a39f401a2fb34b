using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Millrace.Kernel.Data;
using Millrace.Messaging.Tests.Sending;
using Millrace.TestKit;

namespace Millrace.Messaging.Tests.Transactional;

/// <summary>A server for transactional mail with a token, as programs use it.</summary>
public sealed class Desk(TestAccount account, long id, string token)
{
    public TestAccount Account { get; } = account;

    public long Id { get; } = id;

    public string Token { get; } = token;

    public HttpClient Http { get; } = NewClient(account, token);

    public static async Task<Desk> OpenAsync(MailProduct product, string name = "Shop")
    {
        var account = await product.NewAccountAsync();
        var id = (await account.PostAsync("mail-servers", new { name }))["id"]!.GetValue<long>();
        var token = (await account.PostAsync($"mail-servers/{id}/tokens", new { name = "test" }))["token"]!.GetValue<string>();
        return new Desk(account, id, token);
    }

    public async Task<(int Status, JsonNode Body)> PostAsync(string path, object body, string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        return await ReadAsync(await Http.SendAsync(request));
    }

    public async Task<(int Status, JsonNode Body)> GetAsync(string path) => await ReadAsync(await Http.GetAsync(new Uri(path, UriKind.Relative)));

    /// <summary>Steps of Postmark's own client; null without it.</summary>
    public async Task<List<JsonNode>?> ClientAsync(params (string Method, object?[] Args)[] steps)
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "Millrace.slnx")))
        {
            root = root.Parent;
        }

        var module = Path.Combine(root!.FullName, "web", "node_modules", "postmark");
        if (!Directory.Exists(module))
        {
            return null;
        }

        var start = new ProcessStartInfo("node")
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            ArgumentList =
            {
                Path.Combine(root.FullName, "tests", "Millrace.Messaging.Tests", "Transactional", "postmark-client.cjs"), module,
                string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Account.Product.Address.Port}/postmark"), Token,
            },
        };
        using var node = Process.Start(start)!;
        await node.StandardInput.WriteAsync(JsonSerializer.Serialize(steps.Select(s => new { method = s.Method, args = s.Args })));
        node.StandardInput.Close();
        var output = await node.StandardOutput.ReadToEndAsync();
        await node.WaitForExitAsync();
        return [.. JsonNode.Parse(output)!.AsArray().Select(n => n!)];
    }

    /// <summary>Waits until every event of the account has been handed on.</summary>
    public Task ToldAsync() => Product.EventuallyAsync(
        async () =>
        {
            await using var work = await Account.BeginAsync();
            return !await Sql.Of($"select exists (select 1 from messaging.mail_event where account_id = {Account.Id} and not told)").FirstAsync<bool>(work, CancellationToken.None);
        },
        "all events are told");

    private static HttpClient NewClient(TestAccount account, string token)
    {
        var http = new HttpClient { BaseAddress = new Uri(account.Product.Address, "/postmark/") };
        http.DefaultRequestHeaders.Add("X-Postmark-Server-Token", token);
        http.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        return http;
    }

    private static async Task<(int Status, JsonNode Body)> ReadAsync(HttpResponseMessage answer)
    {
        using (answer)
        {
            var text = await answer.Content.ReadAsStringAsync();
            return ((int)answer.StatusCode, text.Length == 0 ? new JsonObject() : JsonNode.Parse(text)!);
        }
    }
}
