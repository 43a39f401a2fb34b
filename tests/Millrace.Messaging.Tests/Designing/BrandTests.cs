using System.Net.Http.Json;
using System.Text;

namespace Millrace.Messaging.Tests.Designing;

[Collection(nameof(DesignerTests))]
public sealed class BrandTests(DesignerProduct product)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_website_tells_its_colours_fonts_logo_and_links()
    {
        var account = await product.NewAccountAsync();
        product.Website["/shop"] = "http://x"u8.ToArray();
        product.Website["/shop"] = Encoding.UTF8.GetBytes(product.WebsiteUrl + "/home");
        product.Website["/home"] = """
            <!doctype html><html><head><title>Gardens of Ines | Home</title><link rel="stylesheet" href="/site.css"></head>
            <body><header><img class="site-logo" src="/pictures/logo.png"></header><h1>Hello</h1>
            <a href="https://www.instagram.com/ines">Insta</a> <a href="https://facebook.com/sharer/share">share</a></body></html>
            """u8.ToArray();
        product.Website["/site.css"] = """
            :root{--brand-primary:#1f7a4d}
            body{font-family:Georgia,serif;color:#222222;background:#faf7f0} a{color:var(--brand-primary)} .btn{background-color:var(--brand-primary);color:#fff} h1{font-family:"Trebuchet MS",sans-serif}
            """u8.ToArray();
        product.Website["/pictures/logo.png"] = Pictures.Png(120, 40);

        var found = await account.PostAsync("brand-kits/import", new { url = product.WebsiteUrl + "/shop" });

        var look = found["look"]!;
        found.Text("name").ShouldBe("Gardens of Ines");
        (look.Text("button_colour"), look.Text("link_colour"), look.Text("text_colour"), look.Text("background")).ShouldBe(("#1f7a4d", "#1f7a4d", "#222222", "#faf7f0"));
        (look.Text("font"), look.Text("heading_font")).ShouldBe(("georgia", "trebuchet"));
        look.Text("logo").ShouldStartWith($"/i/{account.Id}/");
        look["social"]!.AsArray().ShouldHaveSingleItem()!.Text("label").ShouldBe("Instagram");
    }

    [Theory]
    [InlineData("http://127.0.0.1:1/", "url_not_allowed")]
    [InlineData("https://169.254.169.254/", "url_not_allowed")]
    [InlineData("file:///etc/passwd", "url_not_allowed")]
    [InlineData("https://nobody.invalid/", "website_unreachable")]
    public async Task What_cannot_be_read_says_why(string url, string code)
    {
        var account = await product.NewAccountAsync();

        using var answer = await account.App.PostAsJsonAsync("brand-kits/import", new { url }, Token);

        ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(Token)).ShouldSatisfyAllConditions(
            a => a.Item1.ShouldBe(422), a => a.Item2.ShouldContain(code));
    }

    [Fact]
    public async Task A_redirect_to_an_address_inside_and_a_page_without_end_are_not_followed()
    {
        var account = await product.NewAccountAsync();
        product.Website["/out"] = "http://10.0.0.1/"u8.ToArray();
        product.Website["/ring"] = Encoding.UTF8.GetBytes(product.WebsiteUrl + "/ring");
        product.Website["/deep"] = Encoding.UTF8.GetBytes("<!doctype html>" + string.Concat(Enumerable.Repeat("<div>", 20_000)));
        foreach (var (path, code) in new[] { ("/out", "url_not_allowed"), ("/ring", "website_unreachable"), ("/deep", "website_not_html"), ("/nothing", "website_unreachable") })
        {
            using var answer = await account.App.PostAsJsonAsync("brand-kits/import", new { url = product.WebsiteUrl + path }, Token);
            (await answer.Content.ReadAsStringAsync(Token)).ShouldContain(code, Case.Sensitive, path);
        }
    }

    [Fact]
    public async Task One_kit_is_the_default_always()
    {
        var account = await product.NewAccountAsync();
        var first = await account.PostAsync("brand-kits", new { name = "A", look = new { button_colour = "#112233" } });
        var second = await account.PostAsync("brand-kits", new { name = "B", look = new { } });

        ((bool)first["is_default"]!, (bool)second["is_default"]!).ShouldBe((true, false));
        ((bool)(await account.PostAsync($"brand-kits/{second["id"]}/default", new { }))["is_default"]!).ShouldBeTrue();
        (await account.GetAsync("brand-kits"))["kits"]!.AsArray().Select(k => (bool)k!["is_default"]!).ShouldBe([true, false]);
        (await account.App.DeleteAsync(new Uri($"brand-kits/{second["id"]}", UriKind.Relative), Token)).EnsureSuccessStatusCode();
        ((bool)(await account.GetAsync("brand-kits"))["kits"]![0]!["is_default"]!).ShouldBeTrue();
        using var wrong = await account.App.PostAsJsonAsync("brand-kits", new { name = "C", look = new { button_colour = "red" } }, Token);
        ((int)wrong.StatusCode).ShouldBe(422);
    }
}
