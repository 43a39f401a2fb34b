using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Authorization;
using Millrace.Kernel.Data;
using Millrace.Kernel.Security;
using Millrace.TestKit;

namespace Millrace.Product.Tests.Rules;

/// <summary>What holds for every route that is mapped, whoever wrote it.</summary>
[Collection<OneProduct>]
public sealed class RouteRulesTests(TestKit.Product product)
{
    private const string HostileQuery =
        "?search=%00&q=%ff&limit=abc&offset=-1&filters[email]=%00&filters[][]=1&orders[x]=y&orders[email]=%27&ids=,%00&id=99999999999999999999&before=x&cursor=%00&text=%00&from=x&status=%00&include=%00";

    /// <summary>They take no body and do not look at one that comes along.</summary>
    private static readonly string[] WithoutBody =
    [
        "activate", "cancel", "check", "deactivate", "duplicate", "publish", "restore", "retry", "end", "skip-wait", "pause", "resume", "replay", "count", "undo", "link", "{moment}", "stop", "unschedule", "variants", "copy", "keys", "default", "lock", "unlock",
    ];

    [Fact]
    public void Every_route_declares_a_permission_or_that_it_needs_none()
    {
        var routes = Route.All(product);

        routes.Count(r => r.IsApi).ShouldBeGreaterThan(150);
        routes.Where(r => r.Endpoint.Metadata.GetMetadata<PermissionRequired>() is null && r.Endpoint.Metadata.GetMetadata<IAllowAnonymous>() is null)
            .Select(r => r.ToString()).ShouldBeEmpty();
        routes.Where(r => r.IsApi && r.Endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null).Select(r => r.ToString())
            .ShouldBe(["POST /api/app/session", "GET /api/app/setup", "POST /api/app/setup"]);
    }

    [Fact]
    public async Task Without_credentials_every_other_api_route_answers_401_or_403()
    {
        using var nobody = new HttpClient { BaseAddress = product.Address };
        var wrong = new List<string>();
        foreach (var route in Route.All(product).Where(r => r.IsApi && r.Endpoint.Metadata.GetMetadata<IAllowAnonymous>() is null))
        {
            using var request = new HttpRequestMessage(new HttpMethod(route.Method), route.Fill(_ => "1"));
            using var answer = await nobody.SendAsync(request, TestContext.Current.CancellationToken);
            if (answer.StatusCode != (route.IsV3 ? HttpStatusCode.Forbidden : HttpStatusCode.Unauthorized))
            {
                wrong.Add($"{route}: {(int)answer.StatusCode}");
            }
        }

        wrong.ShouldBeEmpty();
    }

    [Fact]
    public async Task Every_get_route_bears_a_hostile_query_and_carries_the_security_headers()
    {
        var account = await product.NewAccountAsync();
        var ids = await Seed.OneOfEverythingAsync(account, "Reader");
        var wrong = new ConcurrentBag<string>();
        // The pages of the UI are not part of a build of the server alone; it says so with 503.
        foreach (var route in Route.All(product).Where(r => r.Method == "GET" && !r.Pattern.StartsWith("/app/", StringComparison.Ordinal)))
        {
            foreach (var path in new[]
            {
                route.Fill(p => route.IsApi ? Seed.IdFor(route, p, ids) : "nonsense"), route.Fill(p => route.IsApi ? Seed.IdFor(route, p, ids) : "a\0b") + HostileQuery, route.Fill(_ => "0"),
                route.Fill(_ => "\0"), route.Fill(_ => "99999999999999999999"), route.Fill(_ => "9223372036854775807"),
            })
            {
                // Headers are enough, and one of the answers is a stream without an end.
                using var answer = await ClientOf(account, route).GetAsync(
                    new Uri(product.Address, path), HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
                Check(route, path, answer, wrong);
            }
        }

        wrong.ShouldBeEmpty();
    }

    [Fact]
    public async Task No_body_makes_any_route_fail_on_our_side()
    {
        var account = await product.NewAccountAsync();
        var ids = await Seed.OneOfEverythingAsync(account, "Writer");
        var wrong = new ConcurrentBag<string>();
        var routes = Route.All(product).Where(r => r.IsApi && r.Method is "POST" or "PUT" or "PATCH").ToList();
        routes.Count.ShouldBeGreaterThan(60);
        var requests = routes.SelectMany(r => HostileBodies.For(r).Select(b => (Route: r, Body: b)));
        await Parallel.ForEachAsync(requests, new ParallelOptions { MaxDegreeOfParallelism = 6 }, async (one, cancellationToken) =>
        {
            var path = one.Route.Fill(p => Seed.IdFor(one.Route, p, ids));
            using var answer = await SendAsync(account, one.Route, path, one.Body, cancellationToken);
            Check(one.Route, $"{path} {Encoding.UTF8.GetString(one.Body)}", answer, wrong);
        });

        // Its wrong passwords lock this machine's address out; the next test logs in from there.
        await using (var work = await account.BeginAsync())
        {
            await Sql.Of($"delete from accounts.login_failure").ExecuteAsync(work, TestContext.Current.CancellationToken);
            await work.CommitAsync(TestContext.Current.CancellationToken);
        }

        wrong.GroupBy(w => w.Split(' ')[0] + w.Split(' ')[1]).SelectMany(g => g.Take(4)).Order(StringComparer.Ordinal).ShouldBeEmpty();
        (await account.GetAsync("session"))["user"].ShouldNotBeNull("the session has lived through it all");
    }

    [Fact]
    public async Task A_body_of_more_than_a_megabyte_is_refused_with_413()
    {
        var account = await product.NewAccountAsync();
        var ids = await Seed.OneOfEverythingAsync(account, "Large");
        var body = Encoding.UTF8.GetBytes("{\"name\":\"" + new string('x', 1_100_000) + "\"}");
        var wrong = new List<string>();
        foreach (var route in Route.All(product).Where(r => r.IsApi && r.Method is "POST" or "PUT" or "PATCH"))
        {
            if (route.Pattern is "/api/app/imports" or "/api/app/templates/import" or "/api/app/images" or "/api/app/html-import/zip" or "/api/app/contacts/{id:long}/personal-draft/files" || WithoutBody.Contains(route.Pattern.Split('/')[^1]))
            {
                continue;
            }

            try
            {
                using var answer = await SendAsync(account, route, route.Fill(p => Seed.IdFor(route, p, ids)), body, TestContext.Current.CancellationToken);
                if (answer.StatusCode != HttpStatusCode.RequestEntityTooLarge)
                {
                    wrong.Add($"{route}: {(int)answer.StatusCode}");
                }
            }
            catch (HttpRequestException e)
            {
                // It answered without reading: either it takes no body and belongs into the list, or it refuses too late.
                wrong.Add($"{route}: {e.InnerException?.Message}");
            }
        }

        wrong.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("GET", "/api/3/nowhere", 404, "message")]
    [InlineData("GET", "/api/app/nowhere", 404, "code")]
    [InlineData("GET", "/api/nowhere", 404, "code")]
    [InlineData("PATCH", "/api/3/tags", 405, "message")]
    [InlineData("PATCH", "/api/app/tags", 405, "code")]
    [InlineData("DELETE", "/api/3/users/me", 405, "message")]
    public async Task What_is_not_there_answers_in_the_shape_of_its_surface(string method, string path, int status, string member)
    {
        var account = await product.NewAccountAsync();
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(product.Address, path));
        using var answer = await (path.StartsWith("/api/3", StringComparison.Ordinal) ? account.V3 : account.App).SendAsync(request, TestContext.Current.CancellationToken);

        ((int)answer.StatusCode).ShouldBe(status);
        using var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        body.RootElement.GetProperty(member).GetString().ShouldNotBeNullOrEmpty();
        answer.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
    }

    [Fact]
    public async Task Another_media_type_is_refused_by_our_own_surface_and_read_by_its_content_under_v3()
    {
        var account = await product.NewAccountAsync();
        using var own = await account.App.PostAsync(
            new Uri("tags", UriKind.Relative), new StringContent("{\"name\":\"x\"}", Encoding.UTF8, "text/plain"), TestContext.Current.CancellationToken);
        using var v3 = await account.V3.PostAsync(
            new Uri("tags", UriKind.Relative), new StringContent("{\"tag\":{\"tag\":\"x\",\"tagType\":\"contact\"}}", Encoding.UTF8, "text/plain"), TestContext.Current.CancellationToken);

        own.StatusCode.ShouldBe(HttpStatusCode.UnsupportedMediaType);
        own.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        v3.StatusCode.ShouldBe(HttpStatusCode.Created);
    }

    private static HttpClient ClientOf(TestAccount account, Route route) => route.IsV3 ? account.V3 : account.App;

    private async Task<HttpResponseMessage> SendAsync(TestAccount account, Route route, string path, byte[] body, CancellationToken cancellationToken)
    {
        var type = route.Pattern == "/api/app/imports" ? "text/csv" : "application/json";
        using var request = new HttpRequestMessage(new HttpMethod(route.Method), new Uri(product.Address, path))
        {
            Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue(type) } },
        };
        // So that a refusal comes before the body instead of a torn connection.
        request.Headers.ExpectContinue = body.Length > 100_000;
        return await ClientOf(account, route).SendAsync(request, cancellationToken);
    }

    private static void Check(Route route, string what, HttpResponseMessage answer, ConcurrentBag<string> wrong)
    {
        if ((int)answer.StatusCode >= 500)
        {
            wrong.Add($"{route}: {(int)answer.StatusCode} on {what[..Math.Min(what.Length, 220)]}");
        }

        foreach (var header in new[] { "X-Content-Type-Options", "Content-Security-Policy", "Referrer-Policy", "Cross-Origin-Resource-Policy" })
        {
            // What Kestrel itself refuses never reaches us.
            if (!answer.Headers.Contains(header) && answer.StatusCode != HttpStatusCode.BadRequest)
            {
                wrong.Add($"{route}: {(int)answer.StatusCode} without {header}");
            }
        }

        if (route.IsApi && (int)answer.StatusCode >= 400 && answer.StatusCode != HttpStatusCode.BadRequest
            && answer.Content.Headers.ContentType?.MediaType != (route.IsV3 ? "application/json" : "application/problem+json"))
        {
            wrong.Add($"{route}: {(int)answer.StatusCode} as {answer.Content.Headers.ContentType}");
        }
    }
}
