export interface Connection {
  endpoint: string;
  region: string;
  id: string;
  secret: string;
}

export interface ClientGuide {
  name: string;
  files: { title: string; code: string }[];
}

/** What each client needs to reach the gateway: the bucket's name in the path, not in the host's. */
export function setupFor({ endpoint, region, id, secret }: Connection): ClientGuide[] {
  return [
    {
      name: "AWS CLI",
      files: [
        {
          title: "In ~/.aws/config",
          code: `[profile busbar]\nregion = ${region}\nendpoint_url = ${endpoint}\ns3 =\n    addressing_style = path`,
        },
        { title: "In ~/.aws/credentials", code: `[busbar]\naws_access_key_id = ${id}\naws_secret_access_key = ${secret}` },
        { title: "Then", code: "aws --profile busbar s3 ls\naws --profile busbar s3 cp report.pdf s3://manuals/report.pdf" },
      ],
    },
    {
      name: "boto3",
      files: [
        {
          title: "In Python",
          code: [
            "import boto3",
            "from botocore.config import Config",
            "",
            "s3 = boto3.client(",
            '    "s3",',
            `    endpoint_url="${endpoint}",`,
            `    region_name="${region}",`,
            `    aws_access_key_id="${id}",`,
            `    aws_secret_access_key="${secret}",`,
            '    config=Config(s3={"addressing_style": "path"}),',
            ")",
            's3.upload_file("report.pdf", "manuals", "report.pdf")',
          ].join("\n"),
        },
      ],
    },
    {
      name: "rclone",
      files: [
        {
          title: "In ~/.config/rclone/rclone.conf",
          code: [
            "[busbar]",
            "type = s3",
            "provider = Other",
            `endpoint = ${endpoint}`,
            `region = ${region}`,
            `access_key_id = ${id}`,
            `secret_access_key = ${secret}`,
            "force_path_style = true",
          ].join("\n"),
        },
        { title: "Then", code: "rclone copy ./reports busbar:manuals/reports --progress" },
      ],
    },
  ];
}
