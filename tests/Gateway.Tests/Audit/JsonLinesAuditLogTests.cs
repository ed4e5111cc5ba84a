using System.Text.Json;
using AspireGateway.Gateway.Audit;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace AspireGateway.Gateway.Tests.Audit;

public sealed class JsonLinesAuditLogTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("audit-tests-").FullName;

    private string FilePath => Path.Combine(_folder, "audit.jsonl");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Lines_of_many_writers_are_whole_and_none_is_missing()
    {
        const int Writers = 8;
        const int Lines = 500;
        using (var log = NewLog(FilePath))
        {
            await Task.WhenAll(
                Enumerable
                    .Range(0, Writers)
                    .Select(writer =>
                        Task.Run(() =>
                        {
                            for (var line = 0; line < Lines; line++)
                            {
                                log.Append(Record($"{writer}-{line}")).ShouldBeTrue();
                            }
                        })
                    )
            );
        }

        var names = (await ReadAsync()).ToList();
        names.Count.ShouldBe(Writers * Lines);
        names.Distinct(StringComparer.Ordinal).Count().ShouldBe(Writers * Lines);
    }

    [Fact]
    public void Callers_that_come_while_the_file_is_being_opened_are_not_refused()
    {
        for (var attempt = 0; attempt < 50; attempt++)
        {
            using var log = NewLog(Path.Combine(_folder, attempt.ToString(), "audit.jsonl"));
            using var start = new Barrier(4);
            var answers = new bool[4];
            var threads = Enumerable
                .Range(0, answers.Length)
                .Select(caller => new Thread(() =>
                {
                    start.SignalAndWait();
                    answers[caller] = log.IsWritable;
                }))
                .ToList();

            threads.ForEach(static thread => thread.Start());
            threads.ForEach(static thread => thread.Join());

            answers.ShouldAllBe(static isWritable => isWritable);
        }
    }

    [Fact]
    public async Task A_line_is_in_the_file_when_append_returns()
    {
        using var log = NewLog(FilePath);

        log.Append(Record("a")).ShouldBeTrue();

        (await ReadAsync()).ShouldBe(["a"]);
    }

    [Fact]
    public async Task A_line_that_could_not_be_written_is_written_when_it_can()
    {
        var blocked = Path.Combine(_folder, "blocked");
        await File.WriteAllTextAsync(blocked, "", TestContext.Current.CancellationToken);
        using var log = NewLog(Path.Combine(blocked, "audit.jsonl"));

        log.IsWritable.ShouldBeFalse();
        log.Append(Record("a")).ShouldBeFalse();
        File.Delete(blocked);
        log.IsWritable.ShouldBeTrue();
        log.Append(Record("b")).ShouldBeTrue();

        (await ReadAsync(Path.Combine(blocked, "audit.jsonl"))).ShouldBe(["a", "b"]);
    }

    private static JsonLinesAuditLog NewLog(string path) =>
        new(Options.Create(new AuditOptions { Path = path }), NullLogger<JsonLinesAuditLog>.Instance);

    private static AuditRecord Record(string name) =>
        new()
        {
            Time = DateTimeOffset.UnixEpoch,
            Decision = "allowed",
            Reason = "ok",
            Name = name,
        };

    private async Task<IEnumerable<string>> ReadAsync(string? path = null)
    {
        await using var file = new FileStream(
            path ?? FilePath,
            FileMode.Open,
            FileAccess.Read,
            FileShare.ReadWrite | FileShare.Delete
        );
        using var reader = new StreamReader(file);
        var text = await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
        return text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(static line => JsonDocument.Parse(line).RootElement.GetProperty("name").GetString()!);
    }
}
