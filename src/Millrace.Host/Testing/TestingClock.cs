using System.Xml;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Time;

namespace Millrace.Host.Testing;

/// <summary><c>POST /testing/clock {"advance":"P3D"}</c> moves time in every role. Exists only with <c>Millrace:Testing:VirtualClock=true</c>.</summary>
internal static class TestingClock
{
    internal sealed record Request(string Advance);

    internal sealed record Response(DateTimeOffset Now);

    public static void MapTestingClock(this WebApplication app)
    {
        if (!app.Configuration.GetValue<bool>("Millrace:Testing:VirtualClock"))
        {
            return;
        }

        app.MapPost("/testing/clock", async (Request request, ClockSynchroniser clock, TimeProvider time, CancellationToken cancellationToken) =>
        {
            TimeSpan by;
            try
            {
                by = XmlConvert.ToTimeSpan(request.Advance);
            }
            catch (FormatException)
            {
                throw new InvalidInputException("/advance", "duration_invalid", "An ISO 8601 duration such as P3D or PT2H.");
            }

            if (by < TimeSpan.Zero)
            {
                throw new InvalidInputException("/advance", "duration_invalid", "Time goes forward only.");
            }

            await clock.AdvanceAsync(by, cancellationToken);
            return Results.Ok(new Response(time.GetUtcNow()));
        }).AllowAnonymous();
    }
}
