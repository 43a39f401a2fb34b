using System.Reflection;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Metadata;

namespace Millrace.Product.Tests.Rules;

/// <summary>Bodies that nobody means well with: broken JSON, and JSON of the route's own members with a bad value in one of them.</summary>
internal static class HostileBodies
{
    private static readonly string[] Broken =
    [
        "", " ", "[]", "{}", "null", "true", "7", "\"text\"", "{", "{\"a\":", "[{}]", "{\"a\":1,\"a\":2}", "{\"\\u0000\":1}", "{\"unknown_member\":1}",
        string.Concat(Enumerable.Repeat("{\"a\":", 40)) + "1" + new string('}', 40), string.Concat(Enumerable.Repeat("[", 40)) + new string(']', 40),
    ];

    private static readonly string[] Values =
    [
        "null", "true", "\"\"", "\" \"", "\"x\"", "\"a\\u0000b\"", "\"\\ud800\"", "\"\\u202e\\uffff\"", "-1", "0", "1.5", "1e400", "9223372036854775807", "99999999999999999999999",
        "\"-99999999999999999999\"", "\"0000-00-00\"", "[]", "[null]", "[\"\\u0000\"]", "[99999999999999999999]", "{}", "{\"a\":\"\\u0000\"}", "{\"all\":[{\"all\":[]}]}",
    ];

    /// <summary>Names that v3 bodies use; the routes read them from the raw request, so reflection cannot tell.</summary>
    private static readonly string[] V3Names =
    [
        "email", "firstName", "phone", "fieldValues", "tag", "tagType", "description", "name", "stringid", "contact", "list", "status", "field", "value", "title", "type", "note",
        "relid", "reltype", "automation", "options", "perstag", "ordernum",
    ];

    /// <summary>Every member with every bad value only in long runs: <c>MILLRACE_FUZZ</c> is set.</summary>
    private static readonly bool All = Environment.GetEnvironmentVariable("MILLRACE_FUZZ") is not null;

    /// <summary>
    /// All of them in long runs. Else each member of each route meets a third of the bad values, a different third from member to member and route to route, so that
    /// all values and all members still have their turn in each surface.
    /// </summary>
    public static IEnumerable<byte[]> For(Route route, bool all = false)
    {
        // Of the name, not of a number: a new route changes nothing for the others.
        var turn = route.ToString().Sum(c => c) % 3;
        foreach (var text in Broken)
        {
            yield return Encoding.UTF8.GetBytes(text);
        }

        yield return [(byte)'{', (byte)'"', (byte)'a', (byte)'"', (byte)':', (byte)'"', 0xC3, 0x28, (byte)'"', (byte)'}'];
        yield return [0xFF, 0xFE, 0x00];
        foreach (var (name, members) in Shapes(route))
        {
            foreach (var (i, member) in members.Keys.Index())
            {
                foreach (var (_, value) in Values.Index().Where(v => all || All || (v.Index + i + turn) % 3 == 0))
                {
                    var body = "{" + string.Join(',', members.Select(m => $"\"{m.Key}\":{(m.Key == member ? value : m.Value)}")) + "}";
                    yield return Encoding.UTF8.GetBytes(name is null ? body : $"{{\"{name}\":{body}}}");
                }
            }
        }
    }

    private static IEnumerable<(string? Wrapper, Dictionary<string, string> Members)> Shapes(Route route)
    {
        if (route.IsV3)
        {
            var segment = route.Pattern.Split('/')[3];
            var wrapper = segment.TrimEnd('s');
            // One member at a time: which ones belong together differs by resource.
            return V3Names.Select(n => ((string?)wrapper, new Dictionary<string, string> { [n] = "1" }))
                .Append((wrapper, new() { ["email"] = "\"hostile@seed.example\"", ["firstName"] = "\"x\"", ["phone"] = "\"\"", ["fieldValues"] = "[{\"field\":\"1\",\"value\":\"x\"}]" }))
                .Append((wrapper, new() { ["contact"] = "\"1\"", ["tag"] = "\"1\"", ["list"] = "\"1\"", ["status"] = "1", ["field"] = "\"1\"", ["value"] = "\"x\"", ["automation"] = "\"1\"" }))
                .Append((wrapper, new() { ["title"] = "\"T\"", ["name"] = "\"N\"", ["tag"] = "\"G\"", ["type"] = "\"text\"", ["note"] = "\"n\"", ["relid"] = "\"1\"", ["description"] = "\"d\"" }));
        }

        return route.Endpoint.Metadata.GetMetadata<IAcceptsMetadata>()?.RequestType is { } type ? [(null, Members(type))] : [];
    }

    private static Dictionary<string, string> Members(Type type) => type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .Where(p => p.GetIndexParameters().Length == 0 && p.CanRead && p.Name != "EqualityContract")
        .ToDictionary(p => JsonNamingPolicy.SnakeCaseLower.ConvertName(p.Name), p => Sample(p.PropertyType));

    private static string Sample(Type type) =>
        type == typeof(string) ? "\"x\""
        : type == typeof(bool) ? "false"
        : type.IsPrimitive ? "1"
        : type.IsEnum ? $"\"{JsonNamingPolicy.SnakeCaseLower.ConvertName(Enum.GetNames(type)[0])}\""
        : Nullable.GetUnderlyingType(type) is not null ? "null"
        : type.IsAssignableTo(typeof(System.Collections.IEnumerable)) ? "[]"
        : "{}";
}
