using System.Text.Json;
using Millrace.Kernel.Extensibility;
using Millrace.Kernel.Json;

namespace Millrace.Activities.Contracts;

/// <summary>How an activity record travels in the log's <c>data</c> column: all its members, snake_case.</summary>
public static class ActivityJson
{
    // A record may have gained members since the row was written, and may have lost none.
    private static readonly JsonSerializerOptions Options = new(AppJson.Options) { RespectRequiredConstructorParameters = false };

    public static string Write(IActivity activity) => JsonSerializer.Serialize(activity, activity.GetType(), Options);

    public static IActivity Read(Type type, JsonElement data) => (IActivity)data.Deserialize(type, Options)!;
}
