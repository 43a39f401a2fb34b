using System.Globalization;
using System.Text.Json.Nodes;
using Millrace.Kernel.Errors;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Millrace.Automations.Definitions;

/// <summary>Reads YAML as if it were JSON: one document, no anchors, no aliases, no tags, so nothing can unfold to more than was sent.</summary>
internal static class YamlDocument
{
    private const int MaxDepth = 60;

    /// <exception cref="MalformedRequestException">Not YAML, or more than plain data.</exception>
    public static JsonNode? Read(string text)
    {
        try
        {
            var parser = new Parser(new StringReader(text));
            parser.Consume<StreamStart>();
            parser.Consume<DocumentStart>();
            var root = Node(parser, 0);
            parser.Consume<DocumentEnd>();
            if (!parser.Accept<StreamEnd>(out _))
            {
                throw new MalformedRequestException("The YAML may hold one document only.", "malformed_yaml");
            }

            return root;
        }
        catch (YamlException e)
        {
            throw new MalformedRequestException(string.Create(CultureInfo.InvariantCulture, $"The YAML cannot be read at line {e.Start.Line}."), "malformed_yaml");
        }
    }

    private static JsonNode? Node(Parser parser, int depth)
    {
        if (depth > MaxDepth)
        {
            throw new MalformedRequestException("The YAML is nested too deeply.", "malformed_yaml");
        }

        if (parser.Accept<AnchorAlias>(out _) || (parser.Current is NodeEvent node && (!node.Anchor.IsEmpty || !node.Tag.IsEmpty)))
        {
            throw new MalformedRequestException(
                string.Create(CultureInfo.InvariantCulture, $"Anchors, aliases and tags are not taken (line {parser.Current!.Start.Line})."), "malformed_yaml");
        }

        if (parser.TryConsume<SequenceStart>(out _))
        {
            var list = new JsonArray();
            while (!parser.TryConsume<SequenceEnd>(out _))
            {
                list.Add(Node(parser, depth + 1));
            }

            return list;
        }

        if (parser.TryConsume<MappingStart>(out _))
        {
            var map = new JsonObject();
            while (!parser.TryConsume<MappingEnd>(out _))
            {
                var key = parser.Consume<Scalar>();
                if (!map.TryAdd(key.Value, Node(parser, depth + 1)))
                {
                    throw new MalformedRequestException(
                        string.Create(CultureInfo.InvariantCulture, $"{key.Value} is given twice (line {key.Start.Line})."), "malformed_yaml");
                }
            }

            return map;
        }

        return Value(parser.Consume<Scalar>());
    }

    private static JsonValue? Value(Scalar scalar)
    {
        if (scalar.Style != ScalarStyle.Plain)
        {
            return JsonValue.Create(scalar.Value);
        }

        return scalar.Value switch
        {
            "" or "~" or "null" => null,
            "true" => JsonValue.Create(true),
            "false" => JsonValue.Create(false),
            var text when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) => JsonValue.Create(whole),
            var text when decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) => JsonValue.Create(number),
            var text => JsonValue.Create(text),
        };
    }
}
