// These packages declare `os` and `cpu` as strings; pnpm keeps only arrays, and would install every platform's Node.
const asArray = (value) => (value === undefined || Array.isArray(value) ? value : [value]);

module.exports = {
  hooks: {
    readPackage(pkg) {
      if (/^node-(bin-)?(linux|darwin|win)-/.test(pkg.name)) {
        pkg.os = asArray(pkg.os);
        pkg.cpu = asArray(pkg.cpu);
      }
      return pkg;
    },
  },
};
