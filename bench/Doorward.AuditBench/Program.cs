using Doorward.AuditBench;

await AppendBench.RunAsync();
return 0;
