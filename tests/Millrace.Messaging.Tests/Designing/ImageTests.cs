using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Millrace.Kernel.Data;
using Millrace.Messaging.Images;

namespace Millrace.Messaging.Tests.Designing;

[Collection(nameof(DesignerTests))]
public sealed class ImageTests(DesignerProduct product)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_picture_is_uploaded_described_found_put_in_a_folder_and_taken_out()
    {
        var account = await product.NewAccountAsync();
        var folder = (long)(await account.PostAsync("image-folders", new { name = "Spring" }))["id"]!;

        var (status, made) = await account.UploadAsync(Pictures.Png(300, 200), $"?name=C:\\x\\Garden.png&alt=A%20garden&folder_id={folder}");

        status.ShouldBe(201);
        (made.Text("name"), made.Text("alt"), (int)made["width"]!, (int)made["height"]!).ShouldBe(("Garden.png", "A garden", 300, 200));
        made.Text("public_url").ShouldBe("https://mail.example.test" + made.Text("url"));
        (await account.GetAsync("images?search=garden"))["images"]!.AsArray().Count.ShouldBe(1);
        (await account.GetAsync($"images?folder={folder}"))["images"]!.AsArray().Count.ShouldBe(1);
        (await account.GetAsync("images?folder=0"))["images"]!.AsArray().Count.ShouldBe(0);
        (await account.GetAsync("image-folders"))["folders"]![0]!["images"]!.GetValue<long>().ShouldBe(1);
        var again = await account.UploadAsync(Pictures.Png(300, 200));
        ((long)again.Body["id"]!).ShouldBe((long)made["id"]!, "the same bytes are the same picture");
        await account.PutAsync($"images/{made["id"]}", new { alt = "Roses", folder_id = 0 });
        (await account.GetAsync("images?search=roses"))["images"]![0]!["folder_id"].ShouldBeNull();
        (await account.App.DeleteAsync(new Uri($"images/{made["id"]}", UriKind.Relative), Token)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await account.GetAsync("images"))["images"]!.AsArray().ShouldBeEmpty();
        using var http = new HttpClient();
        (await http.GetAsync(new Uri(product.Address, made.Text("url")), Token)).StatusCode.ShouldBe(HttpStatusCode.OK, "mails that were sent still show it");
        await account.PutAsync($"image-folders/{folder}", new { name = "Summer" });
        (await account.App.DeleteAsync(new Uri($"image-folders/{folder}", UriKind.Relative), Token)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        await using var work = await account.BeginAsync();
        var audit = await Sql.Of($"select action from accounts.audit where account_id = {account.Id} and user_id = {account.UserId} and target_kind in ('image', 'image_folder') order by id")
            .ListAsync<string>(work, Token);
        audit.ShouldBe(["image_folder.create", "image.add", "image.add", "image.change", "image.remove", "image_folder.rename", "image_folder.delete"]);
    }

    [Fact]
    public async Task Readers_get_it_for_ever_in_parts_too_and_smaller_ones_are_made()
    {
        NeedsLibvips();
        var account = await product.NewAccountAsync();
        var (_, made) = await account.UploadAsync(Pictures.Png(1000, 500));
        var address = ImageAddress.Parse(made.Text("url"))!;
        using var http = new HttpClient();

        using var whole = await http.GetAsync(new Uri(product.Address, address.ToString()), Token);

        whole.Content.Headers.ContentType!.MediaType.ShouldBe("image/png");
        whole.Headers.CacheControl!.ToString().ShouldContain("immutable");
        whole.Headers.GetValues("Content-Security-Policy").Single().ShouldBe("default-src 'none'; sandbox");
        whole.Headers.GetValues("Cross-Origin-Resource-Policy").Single().ShouldBe("cross-origin");
        whole.Headers.GetValues("X-Content-Type-Options").Single().ShouldBe("nosniff");
        using var part = new HttpRequestMessage(HttpMethod.Get, new Uri(product.Address, address.ToString())) { Headers = { Range = new RangeHeaderValue(0, 7) } };
        using var beginning = await http.SendAsync(part, Token);
        beginning.StatusCode.ShouldBe(HttpStatusCode.PartialContent);
        (await beginning.Content.ReadAsByteArrayAsync(Token)).Length.ShouldBe(8);
        using var same = new HttpRequestMessage(HttpMethod.Get, new Uri(product.Address, address.ToString())) { Headers = { IfNoneMatch = { whole.Headers.ETag! } } };
        (await http.SendAsync(same, Token)).StatusCode.ShouldBe(HttpStatusCode.NotModified);
        var smaller = await http.GetByteArrayAsync(new Uri(product.Address, address.For(150).ToString()), Token);
        ImageHeader.Read(smaller)!.Value.Width.ShouldBe(320);
        foreach (var strange in new[] { $"/i/{account.Id}/{new string('0', 32)}-10x10.png", (address with { Wanted = 333 }).ToString(), $"/i/{account.Id + 1}/{address.ToString().Split('/')[3]}", "/i/1/x" })
        {
            (await http.GetAsync(new Uri(product.Address, strange), Token)).StatusCode.ShouldBe(HttpStatusCode.NotFound, strange);
        }
    }

    [Fact]
    public async Task A_part_is_cut_out_and_made_smaller_and_the_whole_stays()
    {
        NeedsLibvips();
        var account = await product.NewAccountAsync();
        var (_, made) = await account.UploadAsync(Pictures.Png(600, 400, shade: 0x20));

        var cut = await account.PostAsync($"images/{made["id"]}/crop", new { left = 100, top = 50, width = 400, height = 200, resize_to = 200 });

        ((int)cut["width"]!, (int)cut["height"]!).ShouldBe((200, 100));
        (await account.GetAsync("images"))["images"]!.AsArray().Count.ShouldBe(2);
        using var outside = await account.App.PostAsync(
            new Uri($"images/{made["id"]}/crop", UriKind.Relative), new StringContent("""{"left":500,"top":0,"width":101,"height":1}""", Encoding.UTF8, "application/json"), Token);
        outside.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    /// <summary>Inputs 116 to 119 of the list of abuses, and their kin.</summary>
    [Fact]
    public async Task What_is_no_picture_or_a_bomb_is_refused_and_not_stored()
    {
        NeedsLibvips();
        var account = await product.NewAccountAsync();
        byte[] html = [0x89, .. "PNG<html><script>alert(1)</script>"u8];
        (string What, byte[] File, int Status)[] hostile =
        [
            ("SVG with a script", "<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"u8.ToArray(), 415),
            ("HTML as PNG", html, 415),
            ("HTML", "<html><body>x"u8.ToArray(), 415),
            ("60,000 x 60,000", Pictures.Png(60_000, 60_000, isEmpty: true), 413),
            ("cut short", Pictures.Png(400, 400)[..200], 422),
            ("negative size", Pictures.Png(-5, 10, isEmpty: true), 415),
            ("10 MB and a byte", new byte[ImageStore.MaxBytes + 1], 413),
            ("nothing", [], 422),
        ];
        foreach (var (what, file, expected) in hostile)
        {
            (await account.UploadAsync(file)).Status.ShouldBe(expected, what);
        }

        (await account.UploadAsync(Pictures.Png(5, 5), type: "text/html")).Status.ShouldBe(415);
        (await account.GetAsync("images"))["used_bytes"]!.GetValue<long>().ShouldBe(0);
        var (status, named) = await account.UploadAsync(Pictures.Png(7, 7), "?name=..%2F..%2Fa.png");
        (status, named.Text("name")).ShouldBe((201, "a.png"));
    }

    [Fact]
    public void Random_bytes_are_never_taken_for_a_picture_without_a_size()
    {
        var random = new Random(7);
        byte[][] beginnings = [[0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a], [0xff, 0xd8, 0xff], "GIF89a"u8.ToArray(), "RIFF"u8.ToArray()];
        for (var i = 0; i < 20_000; i++)
        {
            var file = new byte[random.Next(64)];
            random.NextBytes(file);
            if (ImageHeader.Read([.. beginnings[i % 4], .. file]) is { } header)
            {
                header.Width.ShouldBePositive();
                header.Height.ShouldBePositive();
            }
        }
    }

    /// <summary>bin/test brings it; where it cannot be brought, the rest of the library still has to work.</summary>
    private void NeedsLibvips() => Assert.SkipWhen(product.Services.GetRequiredService<ImageWorkshop>().Missing is not null, "libvips is not here");

    [Fact]
    public async Task An_account_has_no_more_room_than_its_quota()
    {
        var account = await product.NewAccountAsync();
        var random = new Random(1);
        var gif = new byte[700_000];
        random.NextBytes(gif);
        "GIF89a"u8.CopyTo(gif);
        (gif[6], gif[7], gif[8], gif[9]) = (10, 0, 10, 0);

        (await account.UploadAsync(gif, type: "image/gif")).Status.ShouldBe(201);
        gif[20]++;
        var (status, body) = await account.UploadAsync(gif, type: "image/gif");

        (status, body.Text("code")).ShouldBe((409, "limit_reached"));
    }
}
