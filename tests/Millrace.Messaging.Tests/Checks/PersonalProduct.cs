using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Millrace.Kernel.Extensibility;
using Millrace.Messaging.Tests.Sending;
using Npgsql;

namespace Millrace.Messaging.Tests.Checks;

/// <summary>A mail product with a website beside it, a module that adds tags, and the real spamd.</summary>
public sealed class PersonalProduct : MailProduct
{
    private readonly HttpListener _listener = new();
    private readonly int _port = FreePort();

    /// <summary>What the website answers by path: status and body.</summary>
    public ConcurrentDictionary<string, (int Status, string Body)> Site { get; } = new(StringComparer.Ordinal);

    public ConcurrentBag<string> Asked { get; } = [];

    /// <summary>With the method of each.</summary>
    public ConcurrentBag<string> Calls { get; } = [];

    /// <summary>Paths that refuse to tell their head alone.</summary>
    public ConcurrentBag<string> NoHead { get; } = [];

    public string Url => FormattableString.Invariant($"http://127.0.0.1:{_port}");

    public Spamd Spamd { get; } = Spamd.Start();

    internal DealTags Deals { get; } = new();

    protected override IEnumerable<KeyValuePair<string, string?>> Settings =>
    [
        .. base.Settings,
        new("Millrace:SafeHttp:AllowHttp", "true"),
        new("Millrace:SafeHttp:Allowed:0", FormattableString.Invariant($"127.0.0.1:{_port}")),
        new("Millrace:SpamCheck:Address", FormattableString.Invariant($"127.0.0.1:{Spamd.Port}")),
    ];

    protected override void Configure(IHostApplicationBuilder builder) => builder.Services.AddSingleton<ITagSource>(Deals);

    public override async ValueTask InitializeAsync()
    {
        _listener.Prefixes.Add(Url + "/");
        _listener.Start();
        _ = ServeAsync();
        await base.InitializeAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _listener.Close();
        Spamd.Dispose();
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task ServeAsync()
    {
        while (_listener.IsListening)
        {
            try
            {
                var context = await _listener.GetContextAsync();
                var path = context.Request.RawUrl ?? "/";
                Asked.Add(path);
                Calls.Add($"{context.Request.HttpMethod} {path}");
                var (status, body) = Site.GetValueOrDefault(path, (404, ""));
                context.Response.StatusCode = status;
                if (NoHead.Contains(path) && context.Request.HttpMethod == "HEAD")
                {
                    context.Response.StatusCode = 405;
                }
                else if (status is 302)
                {
                    context.Response.RedirectLocation = body;
                }
                else if (context.Request.HttpMethod != "HEAD")
                {
                    await context.Response.OutputStream.WriteAsync(System.Text.Encoding.UTF8.GetBytes(body));
                }

                context.Response.Close();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    /// <summary>Tags as a later module adds them.</summary>
    internal sealed class DealTags : ITagSource
    {
        public ConcurrentBag<TagQuestion> Asked { get; } = [];

        public Task<IReadOnlyList<SourceTag>> TagsAsync(NpgsqlTransaction transaction, long accountId, CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyList<SourceTag>>(
            [
                new("DEAL_TITLE", "Deal title", "Deal", "New kitchen"), new("DEAL_CLOSE", "Deal's close date", "Deal", "2026-12-24", SourceTagType.Date),
                new("FIRSTNAME", "Not this one", "Deal", "x"),
            ]);

        public Task<IReadOnlyList<SourceTagValue>> ValuesAsync(NpgsqlTransaction transaction, TagQuestion question, CancellationToken cancellationToken)
        {
            Asked.Add(question);
            return Task.FromResult<IReadOnlyList<SourceTagValue>>(
            [
                .. question.ContactIds.SelectMany(c => question.Names.Select(n => new SourceTagValue(c, n, n == "DEAL_TITLE" ? $"Deal <{c}>" : "2026-12-24"))),
            ]);
        }
    }
}
