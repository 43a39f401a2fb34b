using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using Millrace.Messaging.Tests.Sending;
using Millrace.TestKit;

namespace Millrace.Messaging.Tests.Designing;

/// <summary>The product beside a website that it may look at.</summary>
public sealed class DesignerProduct : MailProduct
{
    private WebApplication? _website;

    /// <summary>By path; an address is a redirect.</summary>
    public ConcurrentDictionary<string, byte[]> Website { get; } = new(StringComparer.Ordinal);

    public string WebsiteUrl { get; private set; } = "";

    protected override IEnumerable<KeyValuePair<string, string?>> Settings =>
    [
        .. base.Settings,
        new("Millrace:SafeHttp:AllowHttp", "true"),
        new("Millrace:SafeHttp:Allowed:0", $"127.0.0.1:{new Uri(WebsiteUrl).Port}"),
        new("Millrace:Images:QuotaMegabytes", "1"),
    ];

    public override async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        _website = builder.Build();
        _website.Run(async context =>
        {
            var body = Website.GetValueOrDefault(context.Request.Path.Value!);
            if (body is null)
            {
                context.Response.StatusCode = 404;
            }
            else if (body.AsSpan().StartsWith("http"u8))
            {
                context.Response.Redirect(System.Text.Encoding.UTF8.GetString(body));
            }
            else
            {
                await context.Response.Body.WriteAsync(body);
            }
        });
        await _website.StartAsync();
        WebsiteUrl = _website.Urls.First();
        await base.InitializeAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _website!.DisposeAsync();
    }
}

[CollectionDefinition(nameof(DesignerTests))]
public sealed class DesignerTests : ICollectionFixture<DesignerProduct>;

/// <summary>Pictures and short ways to send them.</summary>
internal static class Pictures
{
    /// <summary>A PNG of one colour; only as large in bytes as it says in pixels when it is a lie.</summary>
    public static byte[] Png(int width, int height, bool isEmpty = false, byte shade = 0x40)
    {
        using var png = new MemoryStream();
        png.Write([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (8, 2);
        Chunk("IHDR"u8, header);
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            var row = new byte[1 + (3 * (isEmpty ? 1 : width))];
            for (var y = 0; y < (isEmpty ? 1 : height); y++)
            {
                row.AsSpan(1).Fill((byte)(shade + (y % 32)));
                zlib.Write(row);
            }
        }

        Chunk("IDAT"u8, packed.ToArray());
        Chunk("IEND"u8, []);
        return png.ToArray();

        void Chunk(ReadOnlySpan<byte> kind, byte[] data)
        {
            var number = new byte[4];
            BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
            png.Write(number);
            byte[] body = [.. kind, .. data];
            png.Write(body);
            BinaryPrimitives.WriteUInt32BigEndian(number, Crc(body));
            png.Write(number);
        }
    }

    private static uint Crc(byte[] bytes)
    {
        var crc = uint.MaxValue;
        foreach (var part in bytes)
        {
            crc ^= part;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) == 1 ? (crc >> 1) ^ 0xEDB88320 : crc >> 1;
            }
        }

        return ~crc;
    }

    public static async Task<(int Status, JsonNode Body)> UploadAsync(this TestAccount account, byte[] file, string query = "?name=a.png", string type = "image/png")
    {
        using var content = new ByteArrayContent(file);
        content.Headers.ContentType = new MediaTypeHeaderValue(type);
        using var answer = await account.App.PostAsync(new Uri("images" + query, UriKind.Relative), content);
        return ((int)answer.StatusCode, JsonNode.Parse(await answer.Content.ReadAsStringAsync())!);
    }

    public static string Text(this JsonNode node, string member) => node[member]!.GetValue<string>();
}
