using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Millrace.Kernel.Data;
using Millrace.Kernel.Errors;
using Millrace.Kernel.Extensibility;
using Millrace.Kernel.Json;
using Millrace.Kernel.Modules;
using Millrace.Kernel.Security;
using Millrace.Kernel.Security.Http;
using Millrace.Kernel.Time;
using Millrace.Kernel.Workers;

namespace Millrace.Kernel;

/// <summary>What every process needs, whatever its modules.</summary>
public static class KernelServices
{
    public static IHostApplicationBuilder AddKernel(this IHostApplicationBuilder builder)
    {
        builder.Catalog();
        var services = builder.Services;
        services.AddSingleton<MigrationRunner>().AddSingleton<WorkSignal>().AddSingleton<ActivityKinds>();
        services.AddSingleton<ProductClock>().AddSingleton<TimeProvider>(s => s.GetRequiredService<ProductClock>());
        services.AddSingleton<ClockSynchroniser>().AddHostedService(s => s.GetRequiredService<ClockSynchroniser>());
        services.AddSingleton(typeof(Catalogue<>));
        services.AddSingleton<GroupCommit>().AddHostedService(s => s.GetRequiredService<GroupCommit>());
        services.AddScoped<CurrentAccount>();
        services.AddOptions<SafeHttpOptions>().BindConfiguration(SafeHttpOptions.Section);
        services.AddSingleton<SafeHttp>();
        services.AddOptions<LookOptions>().BindConfiguration(LookOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<TimedLooks>();
        services.AddExceptionHandler<ErrorHandler>();
        services.Configure<JsonOptions>(o => AppJson.Configure(o.SerializerOptions));
        services.Configure<Microsoft.AspNetCore.Routing.RouteHandlerOptions>(o => o.ThrowOnBadRequest = true);
        services.TryAddSingleton(new ProcessRoles(Web: true, Worker: true));
        return builder;
    }
}
