using System.Linq.Expressions;
using System.Reflection;
using System.Text.Json;
using Npgsql;

namespace Millrace.Kernel.Data;

/// <summary>Compiles, once per type, how a row becomes a value: a scalar, or a record whose constructor takes the columns in order.</summary>
internal static class RowReader<T>
{
    public static readonly Func<NpgsqlDataReader, T> Read = Compile();

    private static Func<NpgsqlDataReader, T> Compile()
    {
        var reader = Expression.Parameter(typeof(NpgsqlDataReader), "reader");
        var type = typeof(T);
        if (IsScalar(type))
        {
            return Expression.Lambda<Func<NpgsqlDataReader, T>>(Column(reader, type, 0), reader).Compile();
        }

        var constructor = type.GetConstructors(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance)
            .Where(c => !(c.GetParameters() is [var only] && only.ParameterType == type))
            .MaxBy(c => c.GetParameters().Length)!;
        var columns = constructor.GetParameters().Select((p, i) => Column(reader, p.ParameterType, i));
        return Expression.Lambda<Func<NpgsqlDataReader, T>>(Expression.New(constructor, columns), reader).Compile();
    }

    private static bool IsScalar(Type type)
    {
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        return plain.IsPrimitive || plain.IsEnum || plain.IsArray || plain == typeof(string) || plain == typeof(decimal) || plain == typeof(DateTimeOffset)
            || plain == typeof(DateOnly) || plain == typeof(TimeOnly) || plain == typeof(JsonElement) || plain == typeof(Guid) || plain == typeof(object);
    }

    private static ConditionalExpression Column(ParameterExpression reader, Type type, int ordinal)
    {
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        var index = Expression.Constant(ordinal);
        Expression value = plain switch
        {
            _ when plain.IsEnum => Expression.Call(
                typeof(RowValue).GetMethod(nameof(RowValue.Enum))!.MakeGenericMethod(plain), reader, index),
            _ when plain == typeof(DateTimeOffset) => Expression.Call(typeof(RowValue), nameof(RowValue.Instant), null, reader, index),
            _ when plain == typeof(JsonElement) => Expression.Call(typeof(RowValue), nameof(RowValue.Json), null, reader, index),
            _ => Expression.Call(reader, nameof(NpgsqlDataReader.GetFieldValue), [plain], index),
        };
        var missing = Expression.Call(reader, nameof(NpgsqlDataReader.IsDBNull), null, index);
        return Expression.Condition(missing, Expression.Default(type), plain == type ? value : Expression.Convert(value, type));
    }
}

/// <summary>Columns that need a conversion of ours.</summary>
internal static class RowValue
{
    public static DateTimeOffset Instant(NpgsqlDataReader reader, int ordinal) => new(reader.GetDateTime(ordinal), TimeSpan.Zero);

    public static JsonElement Json(NpgsqlDataReader reader, int ordinal) => JsonElement.Parse(reader.GetString(ordinal));

    /// <summary>Enums are stored as their snake_case names.</summary>
    public static TEnum Enum<TEnum>(NpgsqlDataReader reader, int ordinal)
        where TEnum : struct, Enum => EnumNames<TEnum>.Parse(reader.GetString(ordinal));
}

/// <summary>snake_case names of an enum, both ways.</summary>
public static class EnumNames<TEnum>
    where TEnum : struct, Enum
{
    private static readonly Dictionary<string, TEnum> ByName = System.Enum.GetValues<TEnum>()
        .ToDictionary(v => JsonNamingPolicy.SnakeCaseLower.ConvertName(v.ToString()), StringComparer.Ordinal);

    private static readonly Dictionary<TEnum, string> Names = ByName.ToDictionary(p => p.Value, p => p.Key);

    public static TEnum Parse(string name) => ByName[name];

    public static bool TryParse(string name, out TEnum value) => ByName.TryGetValue(name, out value);

    public static string NameOf(TEnum value) => Names[value];
}
